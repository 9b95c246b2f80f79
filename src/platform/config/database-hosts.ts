import { type DatabaseAddress, describeHost, parseDatabaseUrl } from './database-url.js';

const PARTS = /^(?<before>[a-z]+:\/\/(?:[^/?#]*@)?)(?<hosts>[^/?#@]*)(?<after>.*)$/is;

/**
 * A URL for each host of `mysql://user:password@host-1:3306,host-2/database`, in the same order.
 *
 * @throws {Error} if a host is missing
 */
export function urlsOfHosts(text: string): readonly [string, ...string[]] {
  const { before = '', hosts = '', after = '' } = PARTS.exec(text)?.groups ?? {};
  const names = hosts.split(',').map((host) => host.trim());
  if (names.length === 1) return [text];
  if (names.includes('')) throw new Error('a host is missing before or after a comma');
  const [first, ...others] = names.map((host) => `${before}${host}${after}`);
  return [first!, ...others];
}

/**
 * Takes apart a DATABASE_URL with one host, or with several that differ in nothing but the host and its port.
 *
 * @throws {Error} if a part is missing; the message holds nothing of the URL, because a password with a slash in it
 *   looks like a host
 */
export function parseDatabaseHosts(text: string): readonly [DatabaseAddress, ...DatabaseAddress[]] {
  const [first, ...others] = urlsOfHosts(text);
  const addresses = [parseDatabaseUrl(first), ...others.map(parseDatabaseUrl)] as const;
  if (others.length === 0) return addresses;
  if (addresses[0].socketPath !== undefined) {
    throw new Error('socketPath cannot be used with several hosts');
  }
  const hosts = addresses.map((address) => describeHost(address).toLowerCase());
  if (new Set(hosts).size < hosts.length) throw new Error('a host is named twice');
  return addresses;
}

/** For people and logs: the servers and the database, without the credentials. */
export function describeDatabase(text: string): string {
  const addresses = parseDatabaseHosts(text);
  return `${addresses.map(describeHost).join(',')}/${addresses[0].database}`;
}
