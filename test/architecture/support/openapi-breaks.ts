import type { OpenApiDocument } from '../../../src/platform/openapi/document.js';

/** The parts of JSON Schema and OpenAPI that our document uses. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly [bound: string]: unknown;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Schema;
}
type Content = Readonly<Record<string, { readonly schema: Schema }>>;
interface Body {
  readonly required: boolean;
  readonly content: Content;
}
interface Response {
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Content;
}
interface Operation {
  readonly operationId: string;
  readonly security?: readonly [{ readonly bearer: readonly string[] }];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Response>>;
}

/** The promised document, and the current one. */
interface Documents {
  readonly before: OpenApiDocument;
  readonly after: OpenApiDocument;
}

/** Where two schemas are compared, and whether the client sends the value. */
interface Place {
  readonly at: string;
  readonly isSent: boolean;
  /** Pairs that are being compared already. */
  readonly seen: ReadonlySet<string>;
}

/**
 * Lists the changes between two documents that could break a client. It knows our documents:
 * requests are closed objects, answers are open ones, and new error codes may be added.
 *
 * @returns a line for each change that breaks clients
 */
export function breaksBetween(before: OpenApiDocument, after: OpenApiDocument): string[] {
  const documents = { before, after };
  const known = operationsOf(after);
  return [...operationsOf(before)].flatMap(([at, old]) => {
    const now = known.get(at);
    if (now === undefined) return `${at} is gone`;
    const breaks = [
      ...(old.operationId === now.operationId ? [] : ['has another operationId']),
      ...accessBreaks(old, now),
      ...parameterBreaks(documents, old, now),
      ...bodyBreaks(documents, old.requestBody, now.requestBody),
      ...answerBreaks(documents, old, now),
    ];
    return breaks.map((what) => `${at}: ${what}`);
  });
}

function operationsOf({ paths }: OpenApiDocument): Map<string, Operation> {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => {
      return [`${method.toUpperCase()} ${path}`, operation as unknown as Operation];
    }),
  );
  return new Map(all);
}

/** Callers that were allowed before must still be allowed. */
function accessBreaks(old: Operation, now: Operation): string[] {
  const [before, after] = [old, now].map(({ security }) => security?.[0].bearer);
  const isSame = JSON.stringify(before) === JSON.stringify(after);
  if (isSame || after === undefined) return [];
  if (before !== undefined && after.length === 0) return [];
  return [`requires ${after[0] ?? 'a key'}`];
}

function parameterBreaks(documents: Documents, old: Operation, now: Operation): string[] {
  const before = parametersOf(documents.before, old);
  const after = parametersOf(documents.after, now);
  const changed = [...before].flatMap(([name, { schema }]) => {
    const found = after.get(name);
    if (found === undefined) return `${name} is gone`;
    return compare(documents, schema, found.schema, sent(name));
  });
  const needed = [...after].filter(([name, { required }]) => {
    return required && before.get(name)?.required !== true;
  });
  return [...changed, ...needed.map(([name]) => `${name} is required`)];
}

const parametersOf = (document: OpenApiDocument, { parameters }: Operation) =>
  new Map(
    parameters.map((reference) => {
      const parameter = resolve(document, reference);
      return [`${parameter.in} ${parameter.name}`, parameter];
    }),
  );

function bodyBreaks(documents: Documents, old: Body | undefined, now: Body | undefined): string[] {
  if (now === undefined) return old === undefined ? [] : ['no longer takes a body'];
  const isNeeded = now.required && old?.required !== true;
  return [
    ...(isNeeded ? ['requires a body'] : []),
    ...(old === undefined
      ? []
      : compare(documents, schemaOf(old)!, schemaOf(now)!, sent('request'))),
  ];
}

function answerBreaks(documents: Documents, old: Operation, now: Operation): string[] {
  const successes = Object.entries(old.responses).filter(([status]) => Number(status) < 300);
  return successes.flatMap(([status, before]) => {
    const after = now.responses[status];
    if (after === undefined) return `no longer answers ${status}`;
    const lost = Object.keys(before.headers ?? {}).filter((name) => !(name in after.headers!));
    const [from, to] = [schemaOf(before), schemaOf(after)];
    if (from !== undefined && to === undefined) return `${status} has no body`;
    const place = { at: status, isSent: false, seen: new Set<string>() };
    return [
      ...lost.map((name) => `${status} has no header ${name}`),
      ...(from && to ? compare(documents, from, to, place) : []),
    ];
  });
}

const sent = (at: string): Place => ({ at, isSent: true, seen: new Set() });

const schemaOf = ({ content }: Response): Schema | undefined =>
  Object.values(content ?? {})[0]?.schema;

/**
 * A request that was allowed must stay allowed. An answer that may come now must have been promised
 * before.
 */
function compare(documents: Documents, from: Schema, to: Schema, place: Place): string[] {
  const pair = JSON.stringify([from, to]);
  if (place.seen.has(pair)) return [];
  const inner = { ...place, seen: new Set(place.seen).add(pair) };
  const old = withoutNull(resolve(documents.before, from));
  const now = withoutNull(resolve(documents.after, to));
  const go: Go = (a, b, more = '') => compare(documents, a, b, { ...inner, at: place.at + more });
  const [allowed, given] = place.isSent ? [now, old] : [old, now];
  return [
    ...valueBreaks(allowed, given).map((what) => `${place.at} ${what}`),
    ...fieldBreaks({ old, now }, place, go),
    ...(old.items && now.items ? go(old.items, now.items, '[]') : []),
    ...choiceBreaks({ old, now }, place, go),
  ];
}

type Go = (from: Schema, to: Schema, more?: string) => string[];

/** "One schema or null" is that schema with another type; a reference stays, as the only choice. */
function withoutNull(schema: Schema): Schema {
  const { anyOf, ...rest } = schema;
  const [other, ...others] = (anyOf ?? []).filter(({ type }) => type !== 'null');
  if (anyOf?.length !== 2 || other === undefined || others.length > 0) return schema;
  return { ...rest, isNullable: true, oneOf: [other] };
}

/** 1: a larger value allows more; -1: a smaller one does. */
const BOUNDS = [
  ['maximum', 1],
  ['maxLength', 1],
  ['maxItems', 1],
  ['minimum', -1],
  ['minLength', -1],
  ['minItems', -1],
] as const;

/** How given values could lie outside the allowed ones. */
function valueBreaks(allowed: Schema, given: Schema): string[] {
  const outside = (own: readonly unknown[] | undefined, others: readonly unknown[] | undefined) =>
    own !== undefined && (others ?? [undefined]).some((one) => !own.includes(one));
  const beyond = BOUNDS.filter(([name, direction]) => {
    if (allowed[name] === undefined) return false;
    return (
      given[name] === undefined || direction * (Number(given[name]) - Number(allowed[name])) > 0
    );
  });
  const isOther = (name: string) => JSON.stringify(allowed[name]) !== JSON.stringify(given[name]);
  const other = ['pattern', 'format', 'else'].filter(
    (name) => allowed[name] !== undefined && isOther(name),
  );
  return [
    ...(outside(typesOf(allowed), typesOf(given)) ? ['has another type'] : []),
    ...(given['isNullable'] === true && allowed['isNullable'] !== true ? ['may be null'] : []),
    ...(outside(valuesOf(allowed), valuesOf(given)) ? ['has other values'] : []),
    ...[...beyond.map(([name]) => name), ...other].map((name) => `has another ${name}`),
  ];
}

const typesOf = ({ type }: Schema): readonly string[] | undefined =>
  typeof type === 'string' ? [type] : type;

const valuesOf = (schema: Schema): readonly unknown[] | undefined =>
  'const' in schema ? [schema.const] : schema.enum;

interface Pair {
  readonly old: Schema;
  readonly now: Schema;
}

function fieldBreaks({ old, now }: Pair, { at, isSent }: Place, go: Go): string[] {
  const changed = Object.entries(old.properties ?? {}).flatMap(([name, schema]) => {
    const found = now.properties?.[name];
    return found === undefined ? `${at}.${name} is gone` : go(schema, found, `.${name}`);
  });
  const [from, to] = isSent ? [old, now] : [now, old];
  const loose = (to.required ?? []).filter((name) => from.required?.includes(name) !== true);
  const word = isSent ? 'is required' : 'may be missing';
  const known = loose.filter((name) => name in (now.properties ?? {}));
  return [...changed, ...known.map((name) => `${at}.${name} ${word}`)];
}

/** Alternatives in order: requests may gain some, answers may not. */
function choiceBreaks({ old, now }: Pair, { at, isSent }: Place, go: Go): string[] {
  const [from, to] = [old, now].map(({ oneOf, anyOf }) => oneOf ?? anyOf ?? []) as [
    readonly Schema[],
    readonly Schema[],
  ];
  const common = from.slice(0, to.length);
  const breaks = common.flatMap((one, nth) => go(one, to[nth]!));
  const isBroken = isSent ? to.length < from.length : to.length > from.length;
  return isBroken ? [...breaks, `${at} has other alternatives`] : breaks;
}

function resolve<Part extends object>(document: OpenApiDocument, part: Part): Part {
  const { $ref } = part as Schema;
  if ($ref === undefined) return part;
  const [, , section, name] = $ref.split('/');
  return document.components[section!]![name!] as Part;
}
