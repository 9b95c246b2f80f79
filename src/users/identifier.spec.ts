import fc from 'fast-check';
import { IDENTIFIER_LENGTH_MAX, isIdentifier, normaliseIdentifier } from './identifier.js';

/** Letters whose length or composition changes with their case. */
const TRICKY = ['İ', 'ı', 'ß', 'ŉ', 'J\u030c', '\u01f0', 'H\u0331', 'T\u0308', 'Σ', 'σ', 'ς'];
const MARKS = ['\u0301', '\u0307', '\u0308', '\u030c', '\u0331', '\u0345'];

const spelling = (): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
        fc.constantFrom(...TRICKY),
        fc.constantFrom(...MARKS),
        fc.constantFrom(' ', '\u2000', '\ufeff', '\u2800', 'ﬁ', 'Ａ', '\u{E0041}'),
      ),
    )
    .map((characters) => characters.join(''));

const EVE = 'eve@x.org';
const inside = (character: string): string => `ev${character}e@x.org`;

/** Two spellings of the same person, and how they differ. */
const SPELLINGS: readonly (readonly [text: string, as: string, why: string])[] = [
  ['EVE@X.ORG', EVE, 'case'],
  ['  eve@x.org ', EVE, 'spaces around'],
  ['\u00a0eve@x.org\u3000', EVE, 'other spaces around'],
  ['eve@x.org\u2800', EVE, 'a blank Braille pattern at the end'],
  ['eve@x.org\u{1D159}', EVE, 'a null notehead at the end'],
  ['eve\u00a0smith', 'eve smith', 'a no-break space'],
  ['eve\u202fsmith', 'eve smith', 'a narrow no-break space'],
  ['eve\u2009smith', 'eve smith', 'a thin space'],
  ['eve\u1680smith', 'eve smith', 'an Ogham space'],
  ['eve\u2028smith', 'eve smith', 'a line separator'],
  ['eve   smith', 'eve smith', 'several spaces'],
  [`${EVE}${'\u200b'.repeat(199)}`, EVE, 'zero width spaces at the end'],
  [inside('\u200b'), EVE, 'a zero width space'],
  [inside('\u200c'), EVE, 'a zero width non-joiner'],
  [inside('\u200d'), EVE, 'a zero width joiner'],
  [inside('\u2060'), EVE, 'a word joiner'],
  [inside('\u00ad'), EVE, 'a soft hyphen'],
  [inside('\ufeff'), EVE, 'a byte order mark'],
  [inside('\u200e'), EVE, 'a left-to-right mark'],
  [inside('\u200f'), EVE, 'a right-to-left mark'],
  [inside('\u061c'), EVE, 'an Arabic letter mark'],
  [inside('\u202e'), EVE, 'a right-to-left override'],
  [inside('\u202c'), EVE, 'a pop directional formatting'],
  [inside('\u2066'), EVE, 'an isolate'],
  [inside('\u2063'), EVE, 'an invisible separator'],
  [inside('\u034f'), EVE, 'a combining grapheme joiner'],
  [inside('\u180e'), EVE, 'a Mongolian vowel separator'],
  [inside('\u3164'), EVE, 'a Hangul filler'],
  [inside('\uffa0'), EVE, 'a halfwidth Hangul filler'],
  [inside('\u17b4'), EVE, 'an inherent Khmer vowel'],
  [inside('\ufe0f'), EVE, 'a variation selector'],
  [inside('\u{E0100}'), EVE, 'a supplementary variation selector'],
  [inside('\u{E0041}'), EVE, 'a tag'],
  [inside('\u{1D173}'), EVE, 'a musical control'],
  ['ｅｖｅ@x.org', EVE, 'fullwidth letters'],
  ['eve＠x．org', EVE, 'fullwidth punctuation'],
  ['𝐞𝐯𝐞@x.org', EVE, 'mathematical letters'],
  ['ⓔⓥⓔ@x.org', EVE, 'circled letters'],
  ['ﬁona@x.org', 'fiona@x.org', 'a ligature'],
  ['eve①@x.org', 'eve1@x.org', 'a circled digit'],
  ['ﾃﾞｽｸ', 'デスク', 'halfwidth Katakana'],
  ['straße@x.org', 'STRASSE@x.org', 'sharp s'],
  ['GROẞ@x.org', 'groß@x.org', 'capital sharp s'],
  ['İrem@x.org', 'irem@x.org', 'a dotted capital I'],
  ['ΝΙΚΟΣ@x.org', 'νικος@x.org', 'a final sigma'],
  ['νικοσ@x.org', 'νικος@x.org', 'a sigma that should be final'],
  ['ſam@x.org', 'sam@x.org', 'a long s'],
  ['\u212Aim@x.org', 'kim@x.org', 'a Kelvin sign'],
  ['jose\u0301', 'JOSÉ', 'a combining accent'],
  ['ŉamo', 'ʼnamo', 'a deprecated letter'],
  ['👩\u200d👧\ufe0f', '👩👧', 'a joined emoji'],
];

describe('normaliseIdentifier', () => {
  it.each([
    ['  jane@example.com ', 'jane@example.com'],
    ['\u00a0jane@example.com\u3000', 'jane@example.com'],
    ['Jane@Example.COM', 'jane@example.com'],
    ['JOSÉ@example.com', 'josé@example.com'],
    ['jose\u0301@example.com', 'josé@example.com'],
    ['+41 79 123 45 67', '+41 79 123 45 67'],
  ])('normalises %j to %j', (text, form) => {
    expect(normaliseIdentifier(text)).toBe(form);
  });

  it('keeps accents: José and Jose are two people', () => {
    expect(normaliseIdentifier('josé')).not.toBe(normaliseIdentifier('jose'));
  });

  it('treats letters as equal that are composed only in lower case', () => {
    expect(normaliseIdentifier('J\u030c')).toBe(normaliseIdentifier('\u01f0'));
  });

  it('does not drop what can be seen: ı is not i', () => {
    expect(normaliseIdentifier('ısı')).not.toBe(normaliseIdentifier('isi'));
  });

  it.each([
    ['e.ve@x.org', 'a dot'],
    ['eve+1@x.org', 'plus addressing'],
    ['eve@x.org.', 'a trailing dot'],
    ['еve@x.org', 'a Cyrillic letter that looks the same'],
    ['ève@x.org', 'an accent'],
  ])('leaves to the shop: %j (%s)', (text) => {
    expect(normaliseIdentifier(text)).not.toBe('eve@x.org');
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(spelling(), (text) => {
        const once = normaliseIdentifier(text);
        expect(normaliseIdentifier(once)).toBe(once);
        expect(once).toBe(once.normalize('NFKC'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not depend on composition, case or what cannot be seen', () => {
    fc.assert(
      fc.property(spelling(), (text) => {
        const form = normaliseIdentifier(text);
        expect(normaliseIdentifier(text.normalize('NFD'))).toBe(form);
        expect(normaliseIdentifier(text.normalize('NFKC'))).toBe(form);
        expect(normaliseIdentifier(Array.from(text).join('\u200b'))).toBe(form);
        // The capital of a dotless i has no dot either, and an iota below becomes a letter that stands alone.
        if (/ı|\u0345/.test(text.normalize('NFD'))) return;
        expect(normaliseIdentifier(text.toUpperCase())).toBe(form);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a person', () => {
  it.each(SPELLINGS.map(([text, as, why]) => [text.toWellFormed(), as, why]))(
    'is one, whatever the spelling: %j is %j (%s)',
    (text, as) => {
      expect(normaliseIdentifier(text)).toBe(normaliseIdentifier(as));
      expect(isIdentifier(text)).toBe(true);
    },
  );
});

describe('isIdentifier', () => {
  it.each(['a', 'jane@example.com', ' jane ', 'two words', '名前', '🎟️'])('accepts %j', (text) => {
    expect(isIdentifier(text)).toBe(true);
  });

  it.each([undefined, null, 5, {}, ['a'], '', '   ', '\u3000'])('refuses %j', (value) => {
    expect(isIdentifier(value)).toBe(false);
  });

  it.each(['\0', 'a\nb', 'a\tb', 'jane\r\n', '\u007f', 'a\u0085b'])(
    'refuses the control character in %j, even where it would be trimmed',
    (text) => expect(isIdentifier(text)).toBe(false),
  );

  it.each([
    ['nothing that can be seen', '\u200b\u00ad\u{E0041}'],
    ['a private-use character', 'a\ue000'],
    ['an unassigned character', 'a\u0378'],
    ['a noncharacter', 'a\ufdd0'],
    ['a format character that can be seen', 'a\u0600'],
    ['an interlinear annotation', 'a\ufff9'],
  ])('refuses %s', (_, text) => {
    expect(isIdentifier(text)).toBe(false);
  });

  it.each(['\ud800', 'a\udc00', '\udc00\ud800', '\ud83c\u00ad\udf9f'])(
    'refuses an unpaired surrogate: %j',
    (text) => {
      expect(isIdentifier(text)).toBe(false);
    },
  );

  it('counts characters by code point, as the database does', () => {
    expect(isIdentifier('a'.repeat(IDENTIFIER_LENGTH_MAX))).toBe(true);
    expect(isIdentifier('a'.repeat(IDENTIFIER_LENGTH_MAX + 1))).toBe(false);
    expect(isIdentifier('🎟'.repeat(IDENTIFIER_LENGTH_MAX))).toBe(true);
    expect(isIdentifier('🎟'.repeat(IDENTIFIER_LENGTH_MAX + 1))).toBe(false);
  });

  it('counts the stored text, not the one that was sent', () => {
    const composedFromThree = '\u03b1\u0313\u0300';
    expect(isIdentifier(composedFromThree.repeat(IDENTIFIER_LENGTH_MAX))).toBe(true);
    expect(isIdentifier(`${' '.repeat(300)}jane${' '.repeat(300)}`)).toBe(true);
    // ß becomes two characters.
    expect(isIdentifier('ß'.repeat(127))).toBe(true);
    expect(isIdentifier('ß'.repeat(128))).toBe(false);
  });

  it('refuses a text that cannot fit by its length alone', () => {
    expect(isIdentifier(' '.repeat(IDENTIFIER_LENGTH_MAX * 4) + 'a')).toBe(false);
  });
});
