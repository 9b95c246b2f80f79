import type { RandomChoices } from './random-choices.js';
import type { Draft } from './draft.js';
import { illFormed } from './ill-formed.js';
import { toJson } from './json-text.js';

/** Names and values, with their quotes. */
const JSON_TEXTS = /"(?:[^"\\]|\\.)*"/g;
/** Values that may be any text, where a lenient decoder would succeed. */
const FREE_TEXTS = /(?<="(?:identifier|userId|name|description|venue)":)"(?:[^"\\]|\\.)*"/g;
/** Not the version of the API. */
const ID_IN_PATH = /[^/]+-[^/]+/;

const percentEncoded = (bytes: Buffer): string =>
  [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

/** Without a byte that would end the line. */
const raw = (bytes: Buffer): string =>
  Buffer.from(bytes.map((byte) => byte | 0x80)).toString('latin1');

type Plant = (random: RandomChoices, draft: Draft) => void;

const PLANTS: Readonly<Record<string, Plant>> = {
  body: (random, draft) => {
    draft.body = insideText(random, textOf(draft), illFormed(random));
  },
  'body, as an escape': (random, draft) => {
    const half = random.pick(['\\ud800', '\\uDFFF', '\\udc00\\ud800']);
    draft.body = insideText(random, textOf(draft), Buffer.from(half));
  },
  path: (random, draft) => {
    const [path = '', ...query] = draft.target.split('?');
    const spoiled =
      ID_IN_PATH.test(path) && random.percent(60)
        ? path.replace(ID_IN_PATH, (id) => id + inAddress(random))
        : path + inAddress(random);
    draft.target = [spoiled, ...query].join('?');
    // It may name nothing that exists.
    draft.operation = undefined;
  },
  query: (random, draft) => {
    const known = draft.operation?.parameters.filter((one) => one.in === 'query') ?? [];
    const name = random.pick([...known.map((one) => one.name), 'identifier', inAddress(random)]);
    const separator = draft.target.includes('?') ? '&' : '?';
    draft.target += `${separator}${name}=eve${inAddress(random)}`;
  },
  'Idempotency-Key': (random, draft) => {
    const others = draft.headers.filter(([name]) => name !== 'Idempotency-Key');
    draft.headers = [...others, ['Idempotency-Key', `k${raw(illFormed(random))}k`]];
  },
};

const inAddress = (random: RandomChoices): string =>
  random.percent(80) ? percentEncoded(illFormed(random)) : raw(illFormed(random));

const textOf = ({ body }: Draft): string => toJson((body as { readonly json: unknown }).json);

/** At the beginning or the end of any text, a name or a value. */
function insideText(random: RandomChoices, json: string, bytes: Buffer): Buffer {
  const free = [...json.matchAll(FREE_TEXTS)];
  const isFree = random.percent(60) && free.length > 0;
  const { index, 0: text } = random.pick(isFree ? free : [...json.matchAll(JSON_TEXTS)]);
  const at = random.percent(50) ? index + 1 : index + text.length - 1;
  return Buffer.concat([Buffer.from(json.slice(0, at)), bytes, Buffer.from(json.slice(at))]);
}

/** Puts text that is not Unicode into a valid request: it must never be read as another text. */
export function undecodable(random: RandomChoices, draft: Draft): void {
  const hasTexts = draft.body !== undefined && textOf(draft).includes('"');
  const places = hasTexts ? ['body', 'body', 'body', 'body, as an escape'] : [];
  const place = random.pick([...places, 'path', 'query', ...keyOf(draft)]);
  PLANTS[place]!(random, draft);
  draft.harm.push(`no UTF-8 in the ${place}`);
  draft.expected = { only: 400 };
}

/** Requests that change nothing have no idempotency key. */
const keyOf = ({ method, operation }: Draft): readonly string[] =>
  method !== 'GET' && operation?.needsKey === true ? ['Idempotency-Key'] : [];
