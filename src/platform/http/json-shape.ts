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

/**
 * Whether a parsed body may be handed to recursive code. Looks level by level, without recursion.
 * (`__proto__` is refused by the parser.)
 */
export function isHarmlessJson(body: unknown): boolean {
  let level = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEPTH_MAX) return false;
    const objects = level.filter((value) => typeof value === 'object' && value !== null);
    if (objects.some((value) => Object.keys(value).some((name) => FORBIDDEN.has(name)))) {
      return false;
    }
    level = objects.flatMap((value) => Object.values(value) as unknown[]);
  }
  return true;
}
