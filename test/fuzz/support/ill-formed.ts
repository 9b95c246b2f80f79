import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import type { RandomChoices } from './random-choices.js';

/** Bytes that are no UTF-8, whatever well-formed text stands before and after them. */
const SEQUENCES: Readonly<Record<string, readonly number[]>> = {
  'é in Latin-1': [0xe9],
  'è in Latin-1': [0xe8],
  '中 in GBK': [0xd6, 0xd0],
  'ソ in Shift JIS': [0x83, 0x5c],
  'a lone continuation': [0x80],
  'an impossible byte': [0xff],
  'an overlong slash': [0xc0, 0xaf],
  'an overlong NUL': [0xc0, 0x80],
  'an overlong é': [0xe0, 0x83, 0xa9],
  'an encoded surrogate': [0xed, 0xa0, 0x80],
  'a surrogate pair, encoded by halves': [0xed, 0xa0, 0xbc, 0xed, 0xbe, 0x89],
  'a character that is cut short': [0xf0, 0x9f, 0x8e],
  'a number beyond Unicode': [0xf5, 0x80, 0x80, 0x80],
  'an end of well-formed text': [0xc3],
};

const anyBytes = (): fc.Arbitrary<Buffer> =>
  fc
    .uint8Array({ minLength: 1, maxLength: 12 })
    .map((all) => Buffer.from(all))
    .filter((all) => !isUtf8(all));

/** Bytes that are no UTF-8. */
export function illFormed(random: RandomChoices): Buffer {
  if (random.percent(30)) return random.of(anyBytes);
  return Buffer.from(SEQUENCES[random.pick(Object.keys(SEQUENCES))]!);
}
