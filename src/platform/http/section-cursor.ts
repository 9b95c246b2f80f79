import { foreignCursor, keysOf, type PageQuery } from './page.js';
import { isUuid } from '../common/index.js';

/** A thing that has a number within its section: a seat, or an entry of the line. */
export interface NumberedInSection {
  readonly sectionId: string;
  readonly number: number;
}

/**
 * Behind which of them the list goes on. Keys of a cursor are whatever a client sends: only what may stand
 * there goes on.
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
