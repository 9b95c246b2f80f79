const MAPPED_IPV4 = '::ffff:';
/** No address is longer: what is, a proxy has passed on as somebody wrote it. */
const LENGTH_MAX = 64;
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * Whom an address stands for in a limit: an IPv4 address itself, an IPv6 address its /64 network, of
 * which every household has one and all addresses. Who has none (he has hung up, or came through a Unix
 * socket) and who cannot have his is one with all others like him.
 */
export function clientOf(ip: string | undefined): string {
  if (ip === undefined || ip.length > LENGTH_MAX) return 'unknown';
  if (!ip.includes(':')) return ip;
  if (ip.startsWith(MAPPED_IPV4) && ip.includes('.')) return ip.slice(MAPPED_IPV4.length);
  const [head = '', tail] = ip.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: GROUPS - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].slice(0, NETWORK_GROUPS).join(':');
}
