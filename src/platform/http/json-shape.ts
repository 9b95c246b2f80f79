/** Valid requests have at most five levels; a hostile 64 kB body could overflow the stack. */
const DEPTH_MAX = 16;

/**
 * Properties that every object inherits, and one that Nest's validation ignores silently: no valid request
 * contains them.
 */
const FORBIDDEN: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== '__proto__'),
  'prototype',
]);

/** An event of 100 sections with prices and seats has 401. */
const CONTAINERS_MAX = 1_000;
/** Objects in valid requests have a dozen at most. */
const NAMES_MAX = 50;
/** More ids than fit into 64 kB. */
const ITEMS_MAX = 2_000;

/**
 * Whether a parsed body is safe for validation, which is recursive, and slow with unexpected shapes: 80 ms for
 * 64 kB of empty lists. Checks level by level, without recursion. (The parser refuses `__proto__`.)
 */
export function isHarmlessJson(body: unknown): boolean {
  let level = isContainer(body) ? [body] : [];
  let seen = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    seen += level.length;
    if (depth >= DEPTH_MAX || seen > CONTAINERS_MAX) return false;
    if (!level.every(isHarmless)) return false;
    level = containersIn(level);
  }
  return true;
}

const isContainer = (value: unknown): value is object =>
  typeof value === 'object' && value !== null;

function containersIn(level: readonly object[]): object[] {
  const found: object[] = [];
  for (const one of level) {
    for (const value of Object.values(one)) if (isContainer(value)) found.push(value);
  }
  return found;
}

function isHarmless(one: object): boolean {
  if (Array.isArray(one)) return one.length <= ITEMS_MAX;
  const names = Object.keys(one);
  return names.length <= NAMES_MAX && !names.some(isForbidden);
}

const isForbidden = (name: string): boolean => FORBIDDEN.has(name);
