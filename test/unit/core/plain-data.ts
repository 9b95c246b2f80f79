import assert, { deepEqual as looselyEqual } from 'node:assert';

/**
 * Commands and outcomes may cross to another thread: they are data without classes and functions, which
 * a structured clone would lose or refuse.
 */
export function assertPlainData(value: unknown): void {
  assertPlain(value, '');
  // Loosely: the clone has the prototypes of another realm than the objects that jest makes.
  looselyEqual(structuredClone(value), value);
}

function assertPlain(value: unknown, path: string): void {
  assert.notEqual(typeof value, 'function', `${path} is a function`);
  if (typeof value !== 'object' || value === null || value instanceof Date) return;
  if (!Array.isArray(value)) {
    const prototype: unknown = Object.getPrototypeOf(value);
    assert.ok(prototype === Object.prototype || prototype === null, `${path} has a class`);
  }
  for (const [key, part] of Object.entries(value)) assertPlain(part, `${path}.${key}`);
}
