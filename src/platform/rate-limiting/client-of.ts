import { isIP, isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** No valid address is longer. A trusted proxy may forward any text that a client sent it. */
const LENGTH_MAX = 64;
/** Node's form of an IPv4 client on a socket that listens on IPv6 and IPv4. */
const MAPPED_IPV4 = '::ffff:';
const NETWORK_GROUPS = 4;
const HEX = 16;

/** `203.0.113.7:1001`, `[2001:db8::1]:1001`, `[2001:db8::1]`: the forms in which proxies forward a client. */
const WITH_PORT = /^(?:([\d.]+):\d{1,5}|\[([^\]]+)\](?::\d{1,5})?)$/;

/**
 * The client that an address counts for in a rate limit: an IPv4 address itself; for IPv6 its /64 network,
 * because every household has a whole one. All spellings of an address are the same client. Requests
 * without a valid address (a client that has disconnected, a Unix socket) share one client.
 */
export function clientOf(ip: string | undefined): string {
  if (ip === undefined || ip.length > LENGTH_MAX) return 'unknown';
  // The two usual forms first: ipaddr.js takes 2 µs, this 0.2 µs at most.
  const bare = ip.startsWith(MAPPED_IPV4) ? ip.slice(MAPPED_IPV4.length) : ip;
  if (isIPv4(bare)) return bare;
  const [, ipv4, ipv6] = WITH_PORT.exec(ip) ?? [];
  const address = ipv4 ?? ipv6 ?? ip;
  // ipaddr.js alone would also accept forms like 203.0.113.007.
  if (isIP(address) === 0) return 'unknown';
  // Node accepts zones that ipaddr.js does not, such as `%eth0.100`. A zone names no client.
  const parsed = ipaddr.process(address.split('%', 1)[0]!);
  return parsed instanceof ipaddr.IPv6 ? household(parsed) : parsed.toString();
}

/**
 * The /48 network of an IPv6 client, because one customer of a provider often has a whole one: 65,536 clients.
 *
 * @returns undefined for other clients
 */
export function networkOf(client: string): string | undefined {
  const end = client.lastIndexOf(':');
  return end === -1 ? undefined : client.slice(0, end);
}

const household = ({ parts }: ipaddr.IPv6): string =>
  parts
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.toString(HEX))
    .join(':');
