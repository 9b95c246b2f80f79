import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenApiDocument } from '../../src/platform/openapi/document.js';

type Part = Readonly<Record<string, unknown>>;
type Parts = Readonly<Record<string, Part>>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Part;
}

interface RequestBody {
  readonly required: boolean;
  readonly content: Parts;
}

/** Headers that are part of the contract: only documented answers may have them. */
export const HEADERS = [
  'X-Request-Id',
  'Location',
  'ETag',
  'Link',
  'Idempotency-Replayed',
  'Retry-After',
  'WWW-Authenticate',
  'RateLimit-Policy',
  'RateLimit',
];

/** The number of faults shown; a test file may produce hundreds. */
const SHOWN_MAX = 10;

/** A request and its answer. */
export interface Exchange {
  readonly method: string;
  /** As in the document, `/v1/events/{id}`; undefined if no route matched. */
  readonly path: string | undefined;
  /** As the service read it. */
  readonly request: {
    readonly params: Part;
    readonly query: Part;
    readonly headers: Part;
    readonly body: unknown;
  };
  readonly status: number;
  readonly header: (name: string) => unknown;
  /** Parsed; undefined if there is none. */
  readonly body: unknown;
}

/** A deviation from the contract, and the body that shows it. */
export interface Fault {
  readonly what: string;
  readonly seen: string;
}

/**
 * Checks the service against its own document: each answer that a test gets must be documented with
 * its status, headers, code and fields, and the document must allow each accepted request.
 */
export class Contract {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: false });
  private readonly compiled = new Map<string, ValidateFunction>();
  /** Each fault, and the first answer that showed it. */
  private readonly faults = new Map<string, string>();

  constructor(private readonly document: OpenApiDocument) {
    (addFormats as unknown as typeof addFormats.default)(this.ajv);
    const schemas = Object.entries(document.components['schemas']!).map(([name, schema]) => {
      return [name, name === 'Problem' ? schema : closed(schema)];
    });
    this.ajv.addSchema({
      $id: 'document',
      components: { ...document.components, schemas: Object.fromEntries(schemas) },
    });
  }

  /** Takes effect from now on; call it before the application is initialised. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (request, reply, payload, done) => {
      if (request.method !== 'HEAD') this.note(this.faultsIn(exchangeOf(request, reply, payload)));
      done(null, payload);
    });
  }

  /** @throws {Error} if anything differed from the document */
  assertKept(): void {
    if (this.faults.size === 0) return;
    const faults = [...this.faults].slice(0, SHOWN_MAX);
    const shown = faults.map(([fault, seen]) => `${fault}${seen}`).join('\n');
    throw new Error(`${this.faults.size} things are not as documented:\n${shown}`);
  }

  /** Everything that differs from the document. */
  *faultsIn(exchange: Exchange): Generator<Fault> {
    const { method, path = '', status } = exchange;
    const operation = this.document.paths[path]?.[method.toLowerCase()];
    const at = `${method} ${path} → ${status}`;
    // No route, or a page: only the form of errors is documented.
    if (operation === undefined) {
      if (status >= 400) yield* this.inBody(at, referTo('Problem'), exchange.body);
      return;
    }
    yield* this.inAnswer(at, operation, exchange);
    if (status < 300) yield* this.inRequest(at, operation, exchange);
  }

  private *inAnswer(at: string, operation: Part, exchange: Exchange): Generator<Fault> {
    const response = this.resolve((operation['responses'] as Parts)[exchange.status]);
    if (response === undefined) return yield faultOf(at, 'this status is not documented');
    yield* this.inHeaders(at, response, exchange);
    const content = Object.entries((response['content'] ?? {}) as Parts);
    const [type, media] = content[0] ?? [];
    const { body, header } = exchange;
    if (type === undefined) {
      if (body !== undefined) yield faultOf(at, 'has a body, but none is documented');
      return;
    }
    if (!String(header('content-type')).startsWith(type)) yield faultOf(at, `is not ${type}`);
    yield* this.inBody(at, media!['schema'], body);
  }

  private *inHeaders(at: string, response: Part, { header }: Exchange): Generator<Fault> {
    const documented = (response['headers'] ?? {}) as Parts;
    for (const name of HEADERS) {
      const promised = this.resolve(documented[name]);
      const value = header(name);
      if (value === undefined) {
        if (promised?.['required'] === true) yield faultOf(at, `has no ${name}`);
      } else if (promised === undefined) yield faultOf(at, `${name} is not documented`);
      else yield* this.inBody(`${at} ${name}`, promised['schema'], value);
    }
  }

  private *inRequest(at: string, operation: Part, { request }: Exchange): Generator<Fault> {
    const body = operation['requestBody'] as RequestBody | undefined;
    if (body !== undefined && (body.required || request.body !== undefined)) {
      const { schema } = body.content['application/json']!;
      yield* this.inBody(`${at}, request`, schema, request.body);
    }
    for (const reference of operation['parameters'] as readonly Part[]) {
      const parameter = this.resolve(reference) as unknown as Parameter;
      const { name, schema, required } = parameter;
      const given = givenIn(request, parameter);
      if (given === undefined) {
        if (required) yield faultOf(at, `accepted without ${name}`);
      } else {
        const isNumber = schema['type'] === 'integer';
        yield* this.inBody(`${at}, ${name}`, schema, isNumber ? Number(given) : given);
      }
    }
  }

  private *inBody(at: string, schema: unknown, body: unknown): Generator<Fault> {
    const text = JSON.stringify(schema).replaceAll('"#/components', '"document#/components');
    let validate = this.compiled.get(text);
    if (validate === undefined) {
      validate = this.ajv.compile(JSON.parse(text) as object);
      this.compiled.set(text, validate);
    }
    if (validate(body)) return;
    const reasons = validate.errors!.map(({ instancePath, message, params }) => {
      return `${instancePath} ${message} ${JSON.stringify(params)}`.trim();
    });
    yield faultOf(at, reasons.join('; '), ` in ${JSON.stringify(body)?.slice(0, 400)}`);
  }

  private resolve(part: Part | undefined): Part | undefined {
    if (part?.['$ref'] === undefined) return part;
    const [, , section, name] = (part['$ref'] as string).split('/');
    return this.document.components[section!]![name!];
  }

  private note(faults: Iterable<Fault>): void {
    for (const { what, seen } of faults) {
      if (!this.faults.has(what)) this.faults.set(what, seen);
    }
  }
}

const faultOf = (at: string, why: string, seen = ''): Fault => ({ what: `${at}: ${why}`, seen });

const referTo = (name: string): Part => ({ $ref: `#/components/schemas/${name}` });

function givenIn(request: Exchange['request'], { in: where, name }: Parameter): unknown {
  if (where === 'path') return request.params[name];
  if (where === 'query') return request.query[name];
  return request.headers[name.toLowerCase()];
}

function exchangeOf(request: FastifyRequest, reply: FastifyReply, payload: unknown): Exchange {
  const { params, query, headers, body } = request;
  return {
    method: request.method,
    path: request.routeOptions.url?.replaceAll(/:(\w+)/g, '{$1}'),
    request: { params: params as Part, query: query as Part, headers, body },
    status: reply.statusCode,
    header: (name) => reply.getHeader(name),
    // Parsed only if it is read: a page is not JSON.
    get body() {
      return bodyOf(payload);
    },
  };
}

const bodyOf = (payload: unknown): unknown =>
  typeof payload === 'string' && payload !== '' ? JSON.parse(payload) : undefined;

/** The same schema, but closed: answers must not contain undocumented fields. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { allOf, ...rest } = schema as Part;
  if (allOf !== undefined) return { ...rest, allOf, unevaluatedProperties: false };
  const inner = Object.fromEntries(
    Object.entries(rest).map(([name, part]) => [name, closed(part)]),
  );
  const isOpen = 'properties' in rest && !('additionalProperties' in rest);
  return isOpen ? { ...inner, additionalProperties: false } : inner;
}
