import type { DomainError } from '../errors/index.js';
import {
  Describe,
  IsBoolean,
  IsIntegerInQuery,
  IsListOf,
  IsString,
  IsValid,
  Nullable,
  Optional,
  type SchemaClass,
  SchemaName,
} from '../schema/index.js';
import { invalidField } from './validation.js';

const LIMIT_MAX = 100;
const LIMIT_DEFAULT = 50;

/** A page of a list, and where the next page begins. */
export class Page<Item> {
  constructor(
    readonly data: readonly Item[],
    /** The `cursor` of the next page; null on the last one. */
    readonly nextCursor: string | null,
    readonly hasMore: boolean,
  ) {}
}

/** Query fields of every list. */
export class PageQuery {
  @Describe(`Default: ${LIMIT_DEFAULT}.`)
  @Optional()
  @IsIntegerInQuery({ min: 1, max: LIMIT_MAX })
  limit?: number;

  @Describe('`nextCursor` of the previous page.')
  @Optional()
  @IsValid<string>(
    (value) => typeof value === 'string' && partsOf(value) !== undefined,
    'must be the nextCursor of a previous page',
    { type: 'string', minLength: 1 },
  )
  cursor?: string;
}

/** The class of a page, for the OpenAPI document. */
export function pageSchema<Item extends object>(
  name: string,
  item: SchemaClass<Item>,
): SchemaClass<Page<Item>> {
  @SchemaName(name)
  class PageOfItems implements Page<Item> {
    @IsListOf<Item>(() => item)
    readonly data!: readonly Item[];

    @Describe('Pass it as `cursor` to get the next page; null on the last page.')
    @Nullable()
    @IsString()
    readonly nextCursor!: string | null;

    @IsBoolean()
    readonly hasMore!: boolean;
  }
  return PageOfItems;
}

export const limitOf = ({ limit }: PageQuery): number => limit ?? LIMIT_DEFAULT;

/** The keys of the last row of the previous page; undefined for the first page. */
export function keysOf({ cursor }: PageQuery, count: number): readonly string[] | undefined {
  if (cursor === undefined) return undefined;
  const keys = partsOf(cursor);
  if (keys?.length === count) return keys;
  throw foreignCursor();
}

export const foreignCursor = (): DomainError => invalidField('/cursor', 'belongs to another list');

/**
 * Makes a page from the rows of a query.
 *
 * @param rows up to one more than `limit`: the extra row shows that there is a next page
 * @param keys the row's position in the order of the list
 */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  { keys, item }: { keys: (row: Row) => readonly string[]; item: (row: Row) => Item },
): Page<Item> {
  const shown = rows.slice(0, limit);
  const hasMore = rows.length > limit;
  const nextCursor = hasMore ? cursorOf(keys(shown.at(-1)!)) : null;
  return new Page(shown.map(item), nextCursor, hasMore);
}

/** The `Link` header of a page (RFC 8288); undefined on the last one. */
export function linkToNext(page: Page<unknown>, requestUrl: string): string | undefined {
  if (page.nextCursor === null) return undefined;
  const url = new URL(requestUrl, 'http://localhost');
  url.searchParams.delete('page');
  url.searchParams.set('cursor', page.nextCursor);
  return `<${url.pathname}${url.search}>; rel="next"`;
}

/** Ids, numbers and times: nothing that a database could not compare. */
const isKey = (part: unknown): boolean => typeof part === 'string' && /^[\w.:+-]{1,64}$/.test(part);

const cursorOf = (keys: readonly string[]): string =>
  Buffer.from(JSON.stringify(keys)).toString('base64url');

function partsOf(cursor: string): readonly string[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const areText = Array.isArray(parts) && parts.every(isKey);
    return areText ? parts : undefined;
  } catch {
    return undefined;
  }
}
