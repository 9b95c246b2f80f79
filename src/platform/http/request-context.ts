import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../errors/index.js';
import { callerOf } from './caller.js';
import type { IdempotencyKey } from '../idempotency/index.js';

/** The IETF draft writes a quoted string; most clients send it bare. Both mean the same key. */
const KEY = /^(?:"([\x20-\x21\x23-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/;

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('base64url');

/** JSON with sorted keys: the same body, however its fields are arranged. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, part]) => [name, canonical(part)]));
}

function idempotencyKeyOf(request: FastifyRequest): IdempotencyKey | undefined {
  const header = request.headers['idempotency-key'];
  if (header === undefined) return undefined;
  const [, quoted, bare] = KEY.exec(String(header)) ?? [];
  const key = quoted ?? bare;
  if (key === undefined) {
    const detail = 'Idempotency-Key must be 1 to 255 printable ASCII characters.';
    throw new DomainError('invalid', 'idempotency_key_invalid', detail);
  }
  return {
    id: digest(callerOf(request).organiserId, request.method, request.routeOptions.url ?? '', key),
    fingerprint: digest(request.url, JSON.stringify(canonical(request.body))),
  };
}

/** Who asks for a change, and his name for this attempt at it. */
export interface RequestContext {
  readonly organiserId: string;
  /** Undefined if the request has no `Idempotency-Key`. */
  readonly idempotencyKey: IdempotencyKey | undefined;
}

/** Who asks for the change that the request is about. */
export const ReqContext = createParamDecorator(
  (_: unknown, context: ExecutionContext): RequestContext => {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    return {
      organiserId: callerOf(request).organiserId,
      idempotencyKey: idempotencyKeyOf(request),
    };
  },
);
