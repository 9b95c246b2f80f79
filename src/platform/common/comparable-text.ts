/** Nearly every e-mail address. */
const COMPARABLE_ALREADY = /^[!-@[-~]+$/;
const ASCII = /^[!-~]+$/;

const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu;

/** Braille without dots and the musical null notehead are symbols by their category, and blank. */
const BLANKS = /[\p{Z}\u2800\u{1D159}]+/gu;

/** `İ` in lower case is `i` with a second dot, which nobody can see. */
const SECOND_DOTS = /(?<=\p{Soft_Dotted})\u0307+/gu;

/**
 * The form in which two texts are equal if they differ only in case, in the width or style of their letters,
 * in how these are composed, or in what cannot be seen. It is Unicode's NFKC_Casefold (UAX #31, for identifiers),
 * with the rules of RFC 8266 for spaces: trimmed, and one instead of several.
 */
export function comparableText(text: string): string {
  if (COMPARABLE_ALREADY.test(text)) return text;
  if (ASCII.test(text)) return text.toLowerCase();
  const folded = foldCase(text.replace(INVISIBLE, '').normalize('NFKD'));
  return folded.replace(SECOND_DOTS, '').normalize('NFKC').replace(BLANKS, ' ').trim();
}

/**
 * Full case folding, which JavaScript lacks. Upper case makes `ß` and `SS` one, except for `ẞ`, which must be in
 * lower case before. Dotless `ı` stays what it is: its upper case is `I`, and folds to `i`.
 */
const foldCase = (text: string): string => {
  if (text.includes('ı')) return text.split('ı').map(foldCase).join('ı');
  return text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ');
};
