import type { RandomChoices } from './random-choices.js';

/** Each has something that can be spelled in another way. */
const NAMES: readonly string[] = [
  ['eve', 'fiona', 'kim smith', 'jose', 'josé', 'stefan', 'straße', 'strasse', 'effi', 'åsa'],
  ['irem', 'ısık', 'νίκος', 'иван', 'デスク', '한글', 'nguyễn', 'o’neil', 'łukasz', 'dž'],
].flat();

/** An identifier that nobody else has. */
export const plainIdentifier = (random: RandomChoices, nth: number): string =>
  `${random.pick(NAMES)}${nth}@${random.pick(['x.org', 'mail.example', 'bücher.example'])}`;

/** The ranges of characters that nobody can see, within a word. */
const INVISIBLE: readonly (readonly [from: number, to: number])[] = [
  [0x00ad, 0x00ad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe01ef],
];

const SPACES = ['\u00a0', '\u1680', '\u2002', '\u2009', '\u202f', '\u205f', '\u3000', '\u2028'];

const invisible = (random: RandomChoices): string => {
  const [from, to] = random.pick(INVISIBLE);
  return String.fromCodePoint(from + random.below(to - from + 1));
};

/** Letters, and others that Unicode says are compatible with them. */
const COMPATIBLE: readonly (readonly [plain: string, other: string])[] = [
  ['ss', 'ß'],
  ['ss', 'ẞ'],
  ['ß', 'ss'],
  ['ß', 'SS'],
  ['fi', 'ﬁ'],
  ['ff', 'ﬀ'],
  ['ffi', 'ﬃ'],
  ['st', 'ﬆ'],
  ['s', 'ſ'],
  ['k', '\u212a'],
  ['å', '\u212b'],
  ['i', 'İ'],
  ['ς', 'σ'],
  ['ς', 'Σ'],
  ['デ', 'ﾃﾞ'],
  ['dž', 'ǅ'],
  ['1', '①'],
  ['2', '²'],
];

const shifted = (character: string, offset: number): string =>
  String.fromCodePoint(character.codePointAt(0)! + offset);

/** Replaces some of the characters that fit, at random. */
const replaceSome = (
  random: RandomChoices,
  text: string,
  pattern: RegExp,
  other: (found: string) => string,
): string => text.replace(pattern, (found) => (random.percent(40) ? other(found) : found));

function insertedAnywhere(random: RandomChoices, text: string, inserted: string): string {
  const characters = Array.from(text);
  characters.splice(random.below(characters.length + 1), 0, inserted);
  return characters.join('');
}

type Spelling = (random: RandomChoices, text: string) => string;

const SPELLINGS: readonly Spelling[] = [
  (random, text) => insertedAnywhere(random, text, invisible(random)),
  (random, text) => insertedAnywhere(random, text, invisible(random).repeat(random.below(20))),
  (random, text) => Array.from(text).join(invisible(random)),
  (random, text) => replaceSome(random, text, /[!-~]/g, (found) => shifted(found, 0xfee0)),
  (random, text) => replaceSome(random, text, /[a-z]/g, (found) => shifted(found, 0x1d3b9)),
  (random, text) => replaceSome(random, text, /[a-z]/g, (found) => shifted(found, 0x246f)),
  // A dotless i has no upper case of its own.
  (random, text) => replaceSome(random, text, /[^ı]/gu, (found) => found.toUpperCase()),
  (_, text) => text.normalize('NFD'),
  (_, text) => text.normalize('NFKD'),
  (random, text) => random.pick(SPACES) + text + random.pick(SPACES),
  (random, text) => text.replaceAll(' ', () => random.pick([...SPACES, '  ', ' \u200b '])),
  (random, text) => {
    const fitting = COMPATIBLE.filter(([plain]) => text.includes(plain));
    return fitting.length === 0 ? text : text.replace(...random.pick(fitting));
  },
];

/** The same identifier, to the eye or by the rules of Unicode. */
export function respelled(random: RandomChoices, identifier: string): string {
  const count = 1 + random.below(3);
  const spellings = Array.from({ length: count }, () => random.pick(SPELLINGS));
  return spellings.reduce((text, spelling) => spelling(random, text), identifier);
}

/** Letters that look alike but are not the same. */
const OTHER_LETTERS: readonly (readonly [letter: string, other: string])[] = [
  ['e', 'é'],
  ['é', 'e'],
  ['e', 'е'],
  ['o', 'о'],
  ['o', 'ø'],
  ['a', 'á'],
  ['a', 'а'],
  ['å', 'a'],
  ['ü', 'u'],
  ['i', 'ı'],
  ['ı', 'i'],
  ['ł', 'l'],
  ['ß', 's'],
  ['ί', 'ι'],
  ['デ', 'テ'],
  ['’', "'"],
  ['-', '‐'],
  [' ', ''],
  ['.', '..'],
];

const VISIBLE = ['x', '7', '.', '-', '+', '_', "'", '"', '\\', '%', '#', '☺'];

const DIFFERENCES: readonly Spelling[] = [
  (random, text) => insertedAnywhere(random, text, random.pick(VISIBLE)),
  (_, text) => text.replace('@', '+1@'),
  (_, text) => `${text}.`,
  (_, text) => text.slice(1),
  (random, text) => {
    const fitting = OTHER_LETTERS.filter(([letter]) => text.includes(letter));
    return text.replace(...random.pick(fitting));
  },
];

/** An identifier that differs from this one in something that can be seen. */
export const visiblyOther = (random: RandomChoices, identifier: string): string =>
  random.pick(DIFFERENCES)(random, identifier);
