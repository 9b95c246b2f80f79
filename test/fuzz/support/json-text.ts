/** JSON text that `JSON.stringify` could not write: 1e309, \ud800, a repeated name. */
export class Raw {
  constructor(readonly text: string) {}
}

/** An object whose names may repeat. */
export class Fields {
  constructor(readonly pairs: readonly (readonly [name: string, value: unknown])[]) {}
}

/** Writes a value that may contain `Raw` and `Fields`. */
export function toJson(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (value instanceof Fields) return objectOf(value.pairs);
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) return objectOf(Object.entries(value));
  return JSON.stringify(value) ?? 'null';
}

const objectOf = (pairs: readonly (readonly [string, unknown])[]): string =>
  `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${toJson(value)}`).join(',')}}`;
