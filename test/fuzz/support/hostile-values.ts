import fc from 'fast-check';
import type { RandomChoices } from './random-choices.js';
import { Fields, Raw } from './json-text.js';

/**
 * Part of every text and header that is made up here. It must not come back in a header or a log
 * line, nor in a problem document, except where that repeats a path or the name of a field.
 */
export const CANARY = 'canary~7f3a';

/** The maximum lengths of texts in the API. */
const LENGTHS_MAX = [20, 64, 100, 200, 255, 5_000];
/** 64 kB and more. */
const TOO_LONG = 70_000;
/** The last one in lists only, or there would be more than 64 kB. */
const DEPTHS = [2_700, 7_000, 10_000];
const MANY = 10_000;

export const TEXTS: readonly string[] = [
  `${CANARY}' OR '1'='1' -- `,
  `${CANARY}'); DROP TABLE sections; -- `,
  `${CANARY}" UNION SELECT secret, sleep(20) FROM api_keys #`,
  `${CANARY}\\'; SELECT SLEEP(20); /*!50000 */`,
  `${CANARY}\r\n{"level":60,"msg":"forged"}\r\n`,
  `${CANARY}\r\nX-Injected: yes\r\n\r\n<html>`,
  `${CANARY}\u001b[2J\u001b[31mforged\u001b]0;title\u0007`,
  `${CANARY} %s%s%n%d %x \${jndi:ldap://127.0.0.1/a} {{7*7}} <%= 7*7 %>`,
  `${CANARY}<script>alert(1)</script>&lt;"'\``,
  `${CANARY}/../../../../etc/passwd`,
  `${CANARY}\u0000after`,
  `${CANARY}\u0001\u0008\u000b\u007f\u0085\u009f`,
  `${CANARY}\u2028\u2029\u202egnp.exe\u202c\u200f\u2066`,
  `${CANARY} 👩‍👩‍👧‍👦🇺🇳𝕏𐍈`,
  `${CANARY} e\u0301\u0327 ﷽ ǅ İıſK`,
  `${CANARY}\ufeff\uffff\ufffe`,
  `${CANARY}\ud800`,
  `\udc00\ud800${CANARY}`,
  `${CANARY}   `,
  '',
  ' ',
  '\u00a0\u3000',
  '1e5',
  '0x10',
  '١٢',
  '-1',
  'NaN',
  'null',
  '__proto__',
  '00000000-0000-0000-0000-000000000000',
  '01A1FD46-0000-7000-8000-00000000000Z',
  '{01a1fd46-0000-7000-8000-000000000001}',
];

/** As they appear in JSON; `JSON.stringify` could not write most of them. */
const NUMBERS: readonly string[] = [
  ['0', '-0', '-1', '1.5', '0.1e1', '1E0', '1.0', '0.30000000000000004', '1e-400', '5e-324'],
  ['2147483647', '2147483648', '-2147483649', '4294967296', '9007199254740993'],
  ['9223372036854775808', '18446744073709551616', '1e21', '1e308', '1e309', '-1e309'],
  [`1${'0'.repeat(400)}`, `0.${'0'.repeat(400)}1`],
].flat();

const TIMES: readonly string[] = [
  ['0000-01-01T00:00:00Z', '0999-12-31T00:00:00Z', '9999-12-31T23:59:60Z'],
  ['9999-12-30T23:59:59.999999999-23:59', '+275760-09-13T00:00:00Z', '-000001-01-01T00:00:00Z'],
  ['2027-02-30T00:00:00Z', '2027-13-01T00:00:00Z', '2027-03-01', '2027-03-01T25:00:00Z'],
  ['2027-03-01T19:30:00', '2027-03-01t19:30:00z', '2027-W09-1T00:00Z', '1e3', 'now', '0'],
  ['2027-03-01T19:30:00+24:00', '2027-03-01T19:30:00Z; DROP TABLE events'],
].flat();

/** Cursors are not secret, so somebody will make their own. */
const CURSORS: readonly string[] = [
  ['a'],
  ['a', 'b', 'c', 'd', 'e'],
  [],
  [null],
  [{ __proto__: 1 }],
  ['0; DROP TABLE events'],
  ['9'.repeat(60), '9'.repeat(60), '9'.repeat(60)],
  ['2027-13-45', '-1', '1e309'],
  ['9999-99-99T99:99:99.999Z', '00000000-0000-0000-0000-000000000000'],
].map((keys) => Buffer.from(JSON.stringify(keys)).toString('base64url'));

export const NAMES: readonly string[] = [
  ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'then'],
  ['', ' ', '.', '/', '~1', '$where', 'length', '0', 'id', 'status', 'isEnding', 'organiserId'],
  `${CANARY}'; DROP TABLE users; --`,
  `${CANARY}\r\n\u0000\u001b[31m`,
  `${CANARY}${'n'.repeat(2_000)}`,
].flat();

export const hostileText = (random: RandomChoices): string => {
  if (random.percent(60)) return random.pick(TEXTS);
  if (random.percent(25)) return random.pick(TIMES);
  if (random.percent(20)) return random.pick(CURSORS);
  return CANARY + random.of(anyText);
};

const anyText = (): fc.Arbitrary<string> => fc.string({ unit: 'binary', maxLength: 60 });

/** A text of the maximum length, or a little or very much longer. */
export function textOfLength(random: RandomChoices): string {
  const max = random.pick(LENGTHS_MAX);
  const length = random.pick([0, 1, max, max + 1, 4 * max, 4 * max + 1, TOO_LONG]);
  return random.pick(['x', 'é', '€', '😀', ' ', "'"]).repeat(length).slice(0, length);
}

/** Replaces another value, mostly by one of the same type, which passes more checks. */
export function hostileInstead(random: RandomChoices, original: unknown): unknown {
  if (random.percent(40)) return hostileValue(random);
  if (typeof original === 'number') return new Raw(random.pick(NUMBERS));
  if (typeof original !== 'string') return hostileValue(random);
  if (!Number.isNaN(Date.parse(original))) return random.pick(TIMES);
  return random.percent(40) ? textOfLength(random) : hostileText(random);
}

/** A value that no field accepts, or not in this form. */
export function hostileValue(random: RandomChoices): unknown {
  const kinds: readonly (() => unknown)[] = [
    () => hostileText(random),
    () => hostileText(random),
    () => new Raw(random.pick(NUMBERS)),
    () => new Raw(random.pick(NUMBERS)),
    () => textOfLength(random),
    () => random.pick([null, true, false, [], {}, [[]], [null], [{}], ['']]),
    () => new Raw(random.pick(['"\\ud800"', '"\\udfff\\ud800"', '"\\u0000"', '"\\/\\b"'])),
    () => prototypeReach(random),
  ];
  // These two fill a body by themselves, so they are rare.
  if (random.percent(10)) return random.percent(50) ? deep(random) : big(random);
  return random.pick(kinds)();
}

const prototypeReach = (random: RandomChoices): unknown =>
  new Fields([
    [random.pick(['__proto__', 'constructor', 'prototype']), new Fields([['polluted', CANARY]])],
    ['polluted', true],
  ]);

function deep(random: RandomChoices): Raw {
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"a":', '}]'],
  ] as const);
  const depth = random.percent(60) ? random.pick(DEPTHS) : random.pick([15, 16, 17, 100]);
  return new Raw(`${open.repeat(depth)}1${close.repeat(depth)}`);
}

function big(random: RandomChoices): unknown {
  const item = random.pick<unknown>([1, '', 'A', null, [], {}]);
  return Array.from({ length: random.pick([101, 201, MANY]) }, () => item);
}
