import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenApiDocument } from '../../src/operations/openapi/document.js';

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

/** Headers that are part of the contract: on no answer that does not document them. */
const HEADERS = [
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

/** Told once of each; a test file need not show hundreds. */
const SHOWN_MAX = 10;

/**
 * Holds the service to its own document: every answer that a test gets must be documented, with its
 * status, its headers, its code and each of its fields, and every request that was accepted must be one
 * that the document allows.
 */
export class Contract {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: false });
  private readonly compiled = new Map<string, ValidateFunction>();
  /** What is wrong, and the first answer that it was wrong with. */
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

  /** From now on; before the application is initialised. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (request, reply, payload, done) => {
      if (request.method !== 'HEAD') this.check(request, reply, payload);
      done(null, payload);
    });
  }

  /** @throws {Error} if something was not as it is documented */
  assertKept(): void {
    if (this.faults.size === 0) return;
    const faults = [...this.faults].slice(0, SHOWN_MAX);
    const shown = faults.map(([fault, seen]) => `${fault}${seen}`).join('\n');
    throw new Error(`${this.faults.size} things are not as documented:\n${shown}`);
  }

  private check(request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
    const route = request.routeOptions.url;
    const path = route?.replaceAll(/:(\w+)/g, '{$1}') ?? '';
    const operation = this.document.paths[path]?.[request.method.toLowerCase()];
    const at = `${request.method} ${route} → ${reply.statusCode}`;
    // No address, or a page: nothing is promised but how refusals look.
    if (operation === undefined) {
      if (reply.statusCode >= 400) this.checkAgainst(at, 'Problem', bodyOf(payload));
      return;
    }
    this.checkAnswer(at, operation, reply, payload);
    if (reply.statusCode < 300) this.checkRequest(at, operation, request);
  }

  private checkAnswer(at: string, operation: Part, reply: FastifyReply, payload: unknown): void {
    const response = this.resolve((operation['responses'] as Parts)[reply.statusCode]);
    if (response === undefined) return this.blame(at, 'this status is not documented');
    this.checkHeaders(at, response, reply);
    const content = Object.entries((response['content'] ?? {}) as Parts);
    const [type, media] = content[0] ?? [];
    const body = bodyOf(payload);
    if (type === undefined) {
      if (body !== undefined) this.blame(at, 'has a body, and the document knows none');
      return;
    }
    if (!String(reply.getHeader('content-type')).startsWith(type)) this.blame(at, `is no ${type}`);
    this.checkBody(at, media!['schema'], body);
  }

  private checkHeaders(at: string, response: Part, reply: FastifyReply): void {
    const documented = (response['headers'] ?? {}) as Parts;
    for (const name of HEADERS) {
      const header = this.resolve(documented[name]);
      const value = reply.getHeader(name);
      if (value === undefined) {
        if (header?.['required'] === true) this.blame(at, `has no ${name}`);
      } else if (header === undefined) this.blame(at, `${name} is not documented`);
      else this.checkBody(`${at} ${name}`, header['schema'], value);
    }
  }

  private checkRequest(at: string, operation: Part, request: FastifyRequest): void {
    const body = operation['requestBody'] as RequestBody | undefined;
    if (body !== undefined && (body.required || request.body !== undefined)) {
      this.checkBody(`${at}, request`, body.content['application/json']!['schema'], request.body);
    }
    for (const reference of operation['parameters'] as readonly Part[]) {
      const parameter = this.resolve(reference) as unknown as Parameter;
      const { name, schema, required } = parameter;
      const given = givenIn(request, parameter);
      if (given === undefined) {
        if (required) this.blame(at, `accepted without ${name}`);
      } else {
        const isNumber = schema['type'] === 'integer';
        this.checkBody(`${at}, ${name}`, schema, isNumber ? Number(given) : given);
      }
    }
  }

  private checkAgainst(at: string, name: string, body: unknown): void {
    this.checkBody(at, { $ref: `#/components/schemas/${name}` }, body);
  }

  private checkBody(at: string, schema: unknown, body: unknown): void {
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
    this.blame(at, reasons.join('; '), ` in ${JSON.stringify(body)?.slice(0, 400)}`);
  }

  private resolve(part: Part | undefined): Part | undefined {
    if (part?.['$ref'] === undefined) return part;
    const [, , section, name] = (part['$ref'] as string).split('/');
    return this.document.components[section!]![name!];
  }

  private blame(at: string, why: string, seen = ''): void {
    const fault = `${at}: ${why}`;
    if (!this.faults.has(fault)) this.faults.set(fault, seen);
  }
}

function givenIn(request: FastifyRequest, { in: where, name }: Parameter): unknown {
  if (where === 'path') return (request.params as Part)[name];
  if (where === 'query') return (request.query as Part)[name];
  return request.headers[name.toLowerCase()];
}

const bodyOf = (payload: unknown): unknown =>
  typeof payload === 'string' && payload !== '' ? JSON.parse(payload) : undefined;

/** The same schema, but what it does not name is forbidden: answers say nothing undocumented. */
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
