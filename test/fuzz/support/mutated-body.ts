import type { RandomChoices } from './random-choices.js';
import { CANARY, hostileInstead, hostileText, hostileValue, NAMES } from './hostile-values.js';
import { Fields, Raw, toJson } from './json-text.js';

type Container = Record<string, unknown> | unknown[];
type Place = readonly [container: Container, name: string];

/** Every field and item of a value, outermost first. */
function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  if (value instanceof Raw || value instanceof Fields) return [];
  const container = value as Container;
  const own = Object.keys(container).map((name): Place => [container, name]);
  return [...own, ...Object.values(container).flatMap(placesIn)];
}

/** Unlike `structuredClone`, it keeps `Raw` and `Fields`. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Raw || value instanceof Fields) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copyOf(part)]));
}

const put = ([container, name]: Place, value: unknown): void => {
  (container as Record<string, unknown>)[name] = value;
};

const read = ([container, name]: Place): unknown => (container as Record<string, unknown>)[name];

/** The mutations that are possible at one place of a body. */
const CHANGES: Readonly<
  Record<string, (random: RandomChoices, place: Place, all: readonly Place[]) => void>
> = {
  replaced: (random, place) => put(place, hostileInstead(random, read(place))),
  removed: (_, [container, name]) => delete (container as Record<string, unknown>)[name],
  nested: (random, place) => {
    put(place, random.pick([[read(place)], { [place[1]]: read(place) }]));
  },
  moved: (random, place, all) => put(place, copyOf(read(random.pick(all)))),
};

/** Mutates one place of a body; the given value stays as it was. */
export function mutatedValue(
  random: RandomChoices,
  original: unknown,
): { value: unknown; harm: string } {
  const value = copyOf(original);
  const places = placesIn(value);
  if (places.length === 0 || random.percent(4)) {
    return { value: hostileValue(random), harm: 'another body' };
  }
  if (random.percent(18)) return withAnotherField(random, value as object);
  const place = random.pick(places);
  const harm = random.percent(60) ? 'replaced' : random.pick(Object.keys(CHANGES));
  CHANGES[harm]!(random, place, places);
  return { value, harm: `${harm} ${place[1]}` };
}

/** A field that does not exist, or one that is there already. */
function withAnotherField(random: RandomChoices, value: object): { value: unknown; harm: string } {
  const isTwice = random.percent(50);
  const name = random.pick(isTwice ? Object.keys(value) : NAMES);
  const pairs = [...Object.entries(value), [name, hostileValue(random)] as const];
  return { value: new Fields(pairs), harm: `${isTwice ? 'twice' : 'added'} ${name}` };
}

const BYTES: Readonly<Record<string, Buffer>> = {
  'lone continuation': Buffer.from([0x80]),
  'impossible byte': Buffer.from([0xff, 0xfe]),
  'overlong slash': Buffer.from([0xc0, 0xaf]),
  'overlong NUL': Buffer.from([0xc0, 0x80]),
  'surrogate in UTF-8': Buffer.from([0xed, 0xa0, 0x80]),
  'cut short': Buffer.from([0xf0, 0x9f, 0x8e]),
  'beyond Unicode': Buffer.from([0xf5, 0x80, 0x80, 0x80]),
  NUL: Buffer.from([0]),
  'line feed': Buffer.from([0x0a]),
};

/** Mutates the text of a body: it may no longer be JSON, or not even text. */
export function mutatedText(random: RandomChoices, json: unknown): { bytes: Buffer; harm: string } {
  const text = toJson(json);
  const cut = random.below(text.length + 1);
  const changes: Readonly<Record<string, () => Buffer>> = {
    'bytes inside': () => withBytes(random, text, random.pick(Object.values(BYTES))),
    'bytes inside a text': () => insideText(random, text),
    'cut off': () => Buffer.from(text.slice(0, cut)),
    'something after it': () => Buffer.from(text + random.pick([text, '}', ',', '\0', '//', 'x'])),
    'a mark before it': () => Buffer.from(`\ufeff${text}`),
    'UTF-16': () => Buffer.from(text, 'utf16le'),
    'no JSON': () => Buffer.from(random.pick(NO_JSON)),
    'other quotes': () => Buffer.from(text.replaceAll('"', "'")),
    'plain text': () => Buffer.from(hostileText(random)),
  };
  const harm = random.pick(Object.keys(changes));
  return { bytes: changes[harm]!(), harm };
}

const NO_JSON: readonly string[] = [
  ['', ' ', '\n', '\0', '{', '[', '"', 'undefined', 'NaN', '-', '+1', '01', '1e', '.5', '0x1'],
  ['{"a":1,}', '[1,]', '{a:1}', '{"a":NaN}', '{"a":Infinity}', '/**/{}', '"\\x41"', '"\t"'],
  `eventId=${CANARY}&identifier=x`,
  `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`,
].flat();

function withBytes(random: RandomChoices, text: string, bytes: Buffer): Buffer {
  const at = random.below(text.length + 1);
  return Buffer.concat([Buffer.from(text.slice(0, at)), bytes, Buffer.from(text.slice(at))]);
}

/** Right after the opening quote of a text. */
function insideText(random: RandomChoices, text: string): Buffer {
  const quotes = [...text.matchAll(/:"/g)].map(({ index }) => index + 2);
  if (quotes.length === 0) return Buffer.from([0xff]);
  const at = random.pick(quotes);
  const bytes = random.pick(Object.values(BYTES));
  return Buffer.concat([Buffer.from(text.slice(0, at)), bytes, Buffer.from(text.slice(at))]);
}
