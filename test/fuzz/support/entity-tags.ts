import type { RandomChoices } from './random-choices.js';

const CODINGS: readonly string[] = [
  'gzip',
  'x-gzip',
  'gz',
  'br',
  'brotli',
  'deflate',
  'zstd',
  'GZIP',
];
const SEPARATORS: readonly string[] = ['-', '--', ';'];

/** Our tag of a version, as it comes back through a proxy. */
export function proxiedTag(random: RandomChoices, version: number): string {
  const weak = random.pick(['', '', 'W/', 'w/']);
  const suffixes = Array.from(
    { length: random.below(3) },
    () => random.pick(SEPARATORS) + random.pick(CODINGS),
  ).join('');
  return random.percent(75) ? `${weak}"${version}${suffixes}"` : `${weak}"${version}"${suffixes}`;
}

/** Several tags, as RFC 9110 lists them. */
export const listed = (random: RandomChoices, tags: readonly string[]): string =>
  tags.join(random.pick([',', ', ', ' , ', ',\t']));

/** Looks like a tag of this version, but is none of ours. */
export function brokenTag(random: RandomChoices, version: number): string {
  const near = [
    [`"0${version}"`, `"${version}-2"`, `"${version}-zip"`, `"${version}gzip"`, `"${version}-"`],
    [`"+${version}"`, `"-${version}"`, `"${version}.0"`, `"${version}e0"`, `" ${version}"`],
    [`'${version}'`, `""${version}""`, `X/"${version}"`, `W/W/"${version}"`, `W"${version}"`],
    [`"${version}-gzip-${version}"`, `"gzip-${version}"`, `"${version}';--"`, `0x${version}`],
  ].flat();
  return random.percent(60) ? random.pick(near) : random.pick(GARBAGE);
}

const GARBAGE: readonly string[] = [
  ['', '"', '""', 'W/', 'W/""', '-gzip', '"-gzip"', ',', ', ,', '"",""', '**', '"*"', 'null'],
  ['"1e309"', '"99999999999999999999"', '"-1"', '"NaN"', '"\xe9"', '"__proto__"', '"%31"'],
  [`"${'9'.repeat(4_000)}"`, `"1${'-gzip'.repeat(500)}x"`, '"",'.repeat(1_000)],
].flat();

/** Any of these, of a version that may exist. */
export function anyTag(random: RandomChoices): string {
  const version = 1 + random.below(4);
  if (random.percent(10)) return '*';
  if (random.percent(40)) return brokenTag(random, version);
  const tags = Array.from({ length: 1 + random.below(3) }, (_, nth) =>
    proxiedTag(random, version + nth),
  );
  return listed(random, tags);
}
