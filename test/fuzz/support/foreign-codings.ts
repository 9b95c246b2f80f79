import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { RandomChoices } from './random-choices.js';
import type { Draft, Header } from './draft.js';
import { toJson } from './json-text.js';

const UTF_8: readonly string[] = ['utf-8', 'UTF-8', 'Utf-8', 'utf8', 'UTF8'];

const OTHERS: readonly string[] = [
  ['iso-8859-1', 'latin1', 'windows-1252', 'us-ascii', 'koi8-r', 'x-user-defined'],
  ['utf-16', 'utf-16le', 'utf-16be', 'UTF-32', 'utf-7', 'cesu-8', 'utf-8x', 'utf--8', "'utf-8'"],
  ['gbk', 'GB18030', 'big5', 'shift_jis', 'Shift_JIS', 'euc-kr', 'euc-jp', 'iso-2022-jp'],
].flat();

const unknownName = (): fc.Arbitrary<string> =>
  fc.stringMatching(/^[a-zA-Z0-9_.:-]{1,20}$/).filter((name) => !/^utf-?8$/i.test(name));

/** The forms of a media type with a charset. */
const typeWith = (random: RandomChoices, charset: string): string =>
  random.pick([
    `application/json; charset=${charset}`,
    `application/json;charset=${charset}`,
    `application/json; charset="${charset}"`,
    `Application/JSON ; Charset=${charset}`,
    `application/json; version=1; CHARSET="${charset}"`,
    `application/json; charset=utf-8; charset=${charset}`,
  ]);

/** The encodings that Node can write. */
const ENCODING_OF: Readonly<Record<string, BufferEncoding>> = {
  'iso-8859-1': 'latin1',
  latin1: 'latin1',
  'utf-16': 'utf16le',
  'utf-16le': 'utf16le',
};

const COMPRESSED: Readonly<Record<string, (text: string) => Buffer>> = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  GZIP: gzipSync,
  br: brotliCompressSync,
  deflate: deflateSync,
  'identity, gzip': gzipSync,
  'gzip, identity': gzipSync,
};

const UNKNOWN_CODINGS: readonly string[] = ['compress', 'zstd', 'aes128gcm', 'utf-8', 'x', '*'];

type Plant = (random: RandomChoices, draft: Draft, text: string) => void;

const PLANTS: Readonly<Record<string, Plant>> = {
  'UTF-8 in another spelling': (random, draft) => {
    setHeader(draft, 'Content-Type', typeWith(random, random.pick(UTF_8)));
    draft.expected = { never: 415 };
  },
  'another charset': (random, draft, text) => {
    const charset = random.percent(80) ? random.pick(OTHERS) : random.of(unknownName);
    setHeader(draft, 'Content-Type', typeWith(random, charset));
    if (random.percent(50)) draft.body = Buffer.from(text, ENCODING_OF[charset] ?? 'utf8');
    draft.expected = { only: 415 };
  },
  'no coding': (random, draft) => {
    setHeader(draft, 'Content-Encoding', random.pick(['identity', 'Identity', ' identity ']));
    draft.expected = { never: 415 };
  },
  'a coding': (random, draft, text) => {
    const coding = random.pick([...Object.keys(COMPRESSED), ...UNKNOWN_CODINGS]);
    setHeader(draft, 'Content-Encoding', coding);
    if (random.percent(50)) draft.body = COMPRESSED[coding]?.(text) ?? draft.body;
    draft.expected = { only: 415 };
  },
};

function setHeader(draft: Draft, name: string, value: string): void {
  const others = draft.headers.filter(([one]) => one !== name);
  draft.headers = [...others, [name, value] as Header];
}

/** Says of a valid body that it has another charset or is compressed, truthfully or not. */
export function foreignCoding(random: RandomChoices, draft: Draft): void {
  const { body } = draft;
  if (body === undefined || Buffer.isBuffer(body)) return;
  const harm = random.pick(Object.keys(PLANTS));
  PLANTS[harm]!(random, draft, toJson(body.json));
  draft.harm.push(harm);
}
