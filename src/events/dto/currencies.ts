import { codes } from 'currency-codes';

/** Changes of ISO 4217 that came into force after the list of the package was published (2024-06-25). */
const ADDED = ['XAD', 'XCG'];
const WITHDRAWN = ['ANG', 'BGN'];

/**
 * The currencies of ISO 4217 in which a price can be set. The names that Node knows (ICU) are another list: they
 * contain currencies that are gone, and lack new ones.
 */
export const CURRENCIES: ReadonlySet<unknown> = new Set(
  [...codes(), ...ADDED].filter((code) => !WITHDRAWN.includes(code)),
);
