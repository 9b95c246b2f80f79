import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../common/index.js';
import { DomainError } from '../errors/index.js';
import { callerOf, requestOf } from './caller.js';
import type { IdempotencyKey } from '../idempotency/index.js';

/** Quoted as in the IETF draft, or bare as most clients send it: both are the same key. */
const KEY = /^(?:"([\x20-\x21\x23-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/;

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('base64url');

/** The same JSON with sorted keys, so that the order of fields does not matter. */
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
  if (key === undefined) throw new DomainError('idempotency_key_invalid');
  return {
    id: digest(callerOf(request).organiserId, request.method, request.routeOptions.url ?? '', key),
    fingerprint: digest(request.url, JSON.stringify(canonical(request.body))),
  };
}

/** The organiser that a request acts for, its cause, its idempotency key, and its connection. */
export interface RequestContext {
  readonly organiserId: string;
  /** For the messages of its changes. */
  readonly actor: Actor;
  /** Whether the sender may read who has booked, so that a refusal may tell it as well. */
  readonly mayRead: boolean;
  /** Undefined without the header `Idempotency-Key`. */
  readonly idempotencyKey: IdempotencyKey | undefined;
  /** `destroyed` once the client has disconnected: work that has not begun by then can be left out. */
  readonly connection: { readonly destroyed: boolean };
}

export const ReqContext = createParamDecorator(
  (_: unknown, context: ExecutionContext): RequestContext => {
    const request = requestOf(context);
    const { organiserId, name, scopes } = callerOf(request);
    return {
      organiserId,
      actor: { by: name, request: request.id },
      mayRead: scopes.has('bookings:read'),
      idempotencyKey: idempotencyKeyOf(request),
      connection: request.raw.socket,
    };
  },
);
