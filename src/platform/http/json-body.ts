import { isUtf8 } from 'node:buffer';
import type { FastifyBodyParser, FastifyInstance, FastifyRequest } from 'fastify';
import { DomainError } from '../errors/index.js';
import { malformedRequest } from './validation.js';

/** What nearly every client sends. */
const COMMON_TYPES: ReadonlySet<unknown> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
]);

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/gi;
const UTF_8 = /^utf-?8$/i;

/** A form or text body, which a page of another site could make a browser send, gets 415. */
export function acceptJsonOnly(fastify: FastifyInstance): void {
  fastify.removeContentTypeParser(['text/plain', 'application/json']);
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, jsonParser(fastify));
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, emptyParser);
}

/** Accepts an empty body whatever its type: `curl -d ''` says that it sends a form. */
const emptyParser: FastifyBodyParser<Buffer> = ({ is404 }, body, done) =>
  body.length === 0 || is404
    ? done(null, undefined)
    : done(new DomainError('unsupported_media_type'), undefined);

/**
 * Bytes that are not UTF-8 are refused. A lenient decoder turns each of them into U+FFFD, which would make
 * `andré` and `andrè`, sent as Latin-1, one person.
 *
 * Accepts an empty body: many clients send the JSON content type with every request, even DELETE.
 */
function jsonParser(fastify: FastifyInstance): FastifyBodyParser<Buffer> {
  const parse = fastify.getDefaultJsonParser('error', 'error') as FastifyBodyParser<string>;
  return (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    if (!isPlainUtf8(request)) return done(new DomainError('unsupported_media_type'));
    if (!isUtf8(body)) return done(malformedRequest());
    return parse(request, body.toString(), done);
  };
}

function isPlainUtf8({ headers }: FastifyRequest): boolean {
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = headers;
  if (encoding.trim().toLowerCase() !== 'identity') return false;
  if (COMMON_TYPES.has(type)) return true;
  return [...(type ?? '').matchAll(CHARSET)].every(([, charset]) => UTF_8.test(charset!));
}
