import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** `name`, `name:3000`, `127.0.0.1:3000` or `[::1]:3000`, and nothing else that a URL may contain. */
const AUTHORITY = /^(?:\[[\da-f:.]+\]|[^\s:/?#@[\]\\%]+)(?::\d{0,5})?$/i;

/**
 * The name or address in a Host value, without its port and in one spelling: lower case, no final dot,
 * `127.0.0.1` for `127.1` and `2130706433`.
 *
 * @returns undefined if it is neither a name nor an address
 */
export function hostNameOf(host: string): string | undefined {
  if (!AUTHORITY.test(host)) return undefined;
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/\.$/, '') : undefined;
}

/** The same for an address or name as HOST has it, where an IPv6 address has no brackets. */
export const bareHostName = (host: string): string | undefined =>
  isIPv6(host) ? hostNameOf(`[${host}]`) : hostNameOf(host);

/** Whether a name of {@link hostNameOf} always means the machine itself. */
export function isLoopback(name: string): boolean {
  if (name === 'localhost') return true;
  const address = name.replace(/^\[(.*)\]$/, '$1');
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}
