import { comparableText } from '../platform/common/index.js';

/** In code points, as the database counts. */
export const IDENTIFIER_LENGTH_MAX = 255;

/** Before trimming. */
export const IDENTIFIER_UNITS_MAX = IDENTIFIER_LENGTH_MAX * 4;

const CONTROL_CHARACTERS = /\p{Cc}/u;

/** Control, format, private-use and unassigned characters. */
const OTHER_CHARACTERS = /\p{C}/u;

/**
 * Normalises an identifier (an e-mail address or any string) for storage and comparison. The database compares
 * bytes; a collation that ignores accents would make `jose@…` and `josé@…` one person.
 */
export const normaliseIdentifier = comparableText;

/** Whether a text is a valid identifier: 1 to 255 characters once normalised, all of them text. */
export function isIdentifier(text: unknown): text is string {
  if (typeof text !== 'string' || text.length > IDENTIFIER_UNITS_MAX) return false;
  // Checked as sent: a control character is an error even where it would be trimmed, and the halves of a
  // surrogate pair even if they would become one.
  if (CONTROL_CHARACTERS.test(text) || !text.isWellFormed()) return false;
  const form = normaliseIdentifier(text);
  if (OTHER_CHARACTERS.test(form)) return false;
  const length = form.length <= IDENTIFIER_LENGTH_MAX ? form.length : Array.from(form).length;
  return length >= 1 && length <= IDENTIFIER_LENGTH_MAX;
}
