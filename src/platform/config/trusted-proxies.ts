import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

const NAMED_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];
const IPV4_BITS = 32;
const IPV6_BITS = 128;

/** The first and the last address, as numbers of 128 bits; IPv4 is mapped into IPv6, as Fastify compares it. */
type Range = readonly [first: bigint, last: bigint];

/** @returns undefined for text that Fastify could not parse: it would throw a stack trace, after the migrations */
function rangeOf(text: string): Range | undefined {
  const [, address = '', bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const size = version === 4 ? IPV4_BITS : IPV6_BITS;
  const length = bits === undefined ? size : Number(bits);
  if (length === 0 || length > size) return undefined;
  const parsed = ipaddr.parse(address);
  const bytes = (
    parsed instanceof ipaddr.IPv6 ? parsed : parsed.toIPv4MappedAddress()
  ).toByteArray();
  const host = BigInt(size - length);
  const first = (BigInt(`0x${Buffer.from(bytes).toString('hex')}`) >> host) << host;
  return [first, first + (1n << host) - 1n];
}

/** All IPv4 addresses, and all IPv6 addresses that are routed. */
const PUBLIC: readonly Range[] = [rangeOf('::ffff:0:0/96')!, rangeOf('2000::/3')!];

/** Whether these are addresses, networks (10.0.0.0/8) and network names. */
export const areNetworks = (parts: readonly string[]): boolean =>
  parts.every((part) => NAMED_NETWORKS.includes(part) || rangeOf(part) !== undefined);

/**
 * Whether these networks together have half of all addresses or more. Then they are no proxies: clients
 * could choose their own address.
 */
export function trustMost(parts: readonly string[]): boolean {
  const ranges = parts.map(rangeOf).filter((range) => range !== undefined);
  return PUBLIC.some(([first, last]) => {
    const within = ranges.map(([from, to]): Range => [max(from, first), min(to, last)]);
    return sizeOf(within) * 2n >= last - first + 1n;
  });
}

/** The number of addresses in ranges, some of which may overlap or be empty. */
function sizeOf(ranges: readonly Range[]): bigint {
  let counted = -1n;
  let size = 0n;
  for (const [first, last] of ranges.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (last <= counted) continue;
    const start = max(first, counted + 1n);
    if (start <= last) size += last - start + 1n;
    counted = max(counted, last);
  }
  return size;
}

const max = (one: bigint, other: bigint): bigint => (one > other ? one : other);
const min = (one: bigint, other: bigint): bigint => (one < other ? one : other);
