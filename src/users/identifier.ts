/** In code points, as the database counts. */
export const IDENTIFIER_LENGTH_MAX = 255;

/** Before trimming. */
export const IDENTIFIER_UNITS_MAX = IDENTIFIER_LENGTH_MAX * 4;

const CONTROL_CHARACTERS = /\p{Cc}/u;

/**
 * Normalises an identifier (an e-mail address or any string) for storage and comparison: trimmed, lower case,
 * NFC. The database compares bytes; a collation that ignores accents would make `jose@…` and `josé@…` one
 * person. NFC comes last, because some letters are composed only in lower case: J̌ is two characters,
 * ǰ is one.
 */
export const normaliseIdentifier = (text: string): string =>
  text.trim().toLowerCase().normalize('NFC');

/** Whether a text is a valid identifier: 1 to 255 characters once normalised, no control characters. */
export function isIdentifier(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > IDENTIFIER_UNITS_MAX) return false;
  // A lone surrogate has no UTF-8 form: the database would refuse or alter it.
  if (CONTROL_CHARACTERS.test(text) || !text.isWellFormed()) return false;
  const length = Array.from(normaliseIdentifier(text)).length;
  return length >= 1 && length <= IDENTIFIER_LENGTH_MAX;
}
