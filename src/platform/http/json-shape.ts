/** No request of ours is deeper than five; a hostile one of 64 kB could overflow the stack. */
const DEPTH_MAX = 16;

/**
 * Names that every object has, and the one that Nest's validation would pass over in silence: a body
 * that brings its own means nothing good.
 */
const FORBIDDEN: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype).filter((name) => name !== '__proto__'),
  'prototype',
]);

/** An event of 100 sections with prices and seats has 401. */
const CONTAINERS_MAX = 1_000;
/** No object of ours has more than a dozen. */
const NAMES_MAX = 50;
/** More ids than 64 kB hold. */
const ITEMS_MAX = 2_000;

/**
 * Whether a parsed body may be handed to code that is recursive, and slow with what it does not expect:
 * validation takes 80 ms for 64 kB of empty lists. Looks level by level, without recursion.
 * (`__proto__` is refused by the parser.)
 */
export function isHarmlessJson(body: unknown): boolean {
  let level = containersIn([body]);
  let seen = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    seen += level.length;
    if (depth >= DEPTH_MAX || seen > CONTAINERS_MAX) return false;
    if (!level.every(isHarmless)) return false;
    level = level.flatMap((one) => containersIn(Object.values(one)));
  }
  return true;
}

const containersIn = (values: readonly unknown[]): object[] =>
  values.filter((value): value is object => typeof value === 'object' && value !== null);

function isHarmless(one: object): boolean {
  if (Array.isArray(one)) return one.length <= ITEMS_MAX;
  const names = Object.keys(one);
  return names.length <= NAMES_MAX && !names.some((name) => FORBIDDEN.has(name));
}
