import fc from 'fast-check';
import { IDENTIFIER_LENGTH_MAX, isIdentifier, normaliseIdentifier } from './identifier.js';

/** Letters whose length or composition changes with their case. */
const TRICKY = ['İ', 'ı', 'ß', 'ŉ', 'J\u030c', '\u01f0', 'H\u0331', 'T\u0308', 'Σ', 'σ', 'ς'];
const MARKS = ['\u0301', '\u0307', '\u0308', '\u030c', '\u0331', '\u0345'];

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

  it('changes nothing the second time', () => {
    const character = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      fc.constantFrom(...TRICKY),
      fc.constantFrom(...MARKS),
      fc.constantFrom(' ', '\u2000', '\ufeff'),
    );
    fc.assert(
      fc.property(fc.array(character), (characters) => {
        const once = normaliseIdentifier(characters.join(''));
        expect(normaliseIdentifier(once)).toBe(once);
        expect(once).toBe(once.normalize('NFC'));
      }),
      { numRuns: 2_000 },
    );
  });
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

  it.each(['\ud800', 'a\udc00', '\udc00\ud800'])('refuses an unpaired surrogate: %j', (text) => {
    expect(isIdentifier(text)).toBe(false);
  });

  it('counts characters by code point, as the database does', () => {
    expect(isIdentifier('a'.repeat(IDENTIFIER_LENGTH_MAX))).toBe(true);
    expect(isIdentifier('a'.repeat(IDENTIFIER_LENGTH_MAX + 1))).toBe(false);
    expect(isIdentifier('🎟'.repeat(IDENTIFIER_LENGTH_MAX))).toBe(true);
    expect(isIdentifier('🎟'.repeat(IDENTIFIER_LENGTH_MAX + 1))).toBe(false);
  });

  it('counts the stored text, not the one that was sent', () => {
    const composedFromFour = '\u03b1\u0313\u0300\u0345';
    expect(isIdentifier(composedFromFour.repeat(IDENTIFIER_LENGTH_MAX))).toBe(true);
    expect(isIdentifier(`${' '.repeat(300)}jane${' '.repeat(300)}`)).toBe(true);
    // İ becomes two characters in lower case.
    expect(isIdentifier('İ'.repeat(127))).toBe(true);
    expect(isIdentifier('İ'.repeat(128))).toBe(false);
  });

  it('refuses a text that cannot fit by its length alone', () => {
    expect(isIdentifier(' '.repeat(IDENTIFIER_LENGTH_MAX * 4) + 'a')).toBe(false);
  });
});
