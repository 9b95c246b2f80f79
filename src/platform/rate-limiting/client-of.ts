import { isIPv4, isIPv6 } from 'node:net';

const MAPPED_IPV4 = '::ffff:';
/** No address is longer: what is, a proxy has passed on as somebody wrote it. */
const LENGTH_MAX = 64;
const GROUPS = 8;
const NETWORK_GROUPS = 4;
const HEX = 16;

/** `203.0.113.7:1001`, `[2001:db8::1]:1001`, `[2001:db8::1]`: as some proxies write who has asked them. */
const WITH_PORT = /^(?:([\d.]+):\d{1,5}|\[([^\]]+)\](?::\d{1,5})?)$/;

/**
 * Whom an address stands for in a limit: an IPv4 address itself, an IPv6 address its /64 network, of
 * which every household has one and all addresses. However it is written, it is the same client. Who has
 * none (he has hung up, or came through a Unix socket) and who cannot have his is one with all others
 * like him.
 */
export function clientOf(ip: string | undefined): string {
  if (ip === undefined || ip.length > LENGTH_MAX) return 'unknown';
  // One way to write it, and the usual one: nothing else is done for most requests.
  if (isIPv4(ip)) return ip;
  const [, ipv4, ipv6] = WITH_PORT.exec(ip) ?? [];
  const address = ipv4 ?? ipv6 ?? ip;
  if (isIPv4(address)) return address;
  return isIPv6(address) ? networkOf(address) : 'unknown';
}

function networkOf(address: string): string {
  if (address.startsWith(MAPPED_IPV4)) {
    const rest = address.slice(MAPPED_IPV4.length);
    if (isIPv4(rest)) return rest;
  }
  const groups = groupsOf(address);
  return (
    mappedIPv4(groups) ??
    groups
      .slice(0, NETWORK_GROUPS)
      .map((group) => group.toString(HEX))
      .join(':')
  );
}

/** The eight numbers of an IPv6 address, whose zone (`%eth0`) is left out. */
function groupsOf(address: string): number[] {
  const [withoutZone = ''] = address.split('%');
  const [before = [], after = []] = withoutZone.split('::').map(numbersIn);
  const zeros = Array.from({ length: GROUPS - before.length - after.length }, () => 0);
  return [...before, ...zeros, ...after];
}

const numbersIn = (text: string): number[] =>
  text === ''
    ? []
    : text.split(':').flatMap((part) => (part.includes('.') ? halves(part) : hex(part)));

const hex = (part: string): number => Number.parseInt(part, HEX);

/** The last two numbers, where they are written as an IPv4 address. */
function halves(ipv4: string): number[] {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

/** The IPv4 address that is written as `::ffff:0:0/96`. */
function mappedIPv4(groups: readonly number[]): string | undefined {
  const [high = 0, low = 0] = groups.slice(-2);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xff_ff;
  return isMapped ? [high >> 8, high & 255, low >> 8, low & 255].join('.') : undefined;
}
