import { foreignCursor, keysOf, type PageQuery } from './page.js';
import { isUuid } from '../common/index.js';

/** A thing that has a number within its section: a seat, or a waitlist entry. */
export interface NumberedInSection {
  readonly sectionId: string;
  readonly number: number;
}

/**
 * The last item of the previous page, from the cursor. A client can send any cursor, so its parts are
 * validated.
 *
 * @throws {DomainError} `invalid_request`
 */
export function numberedInSection(
  query: PageQuery,
  digitsMax: number,
): NumberedInSection | undefined {
  const [sectionId, text] = keysOf(query, 2) ?? [];
  if (sectionId === undefined || text === undefined) return undefined;
  const isNumber = /^\d+$/.test(text) && text.length <= digitsMax;
  if (isUuid(sectionId) && isNumber) return { sectionId, number: Number(text) };
  throw foreignCursor();
}
