import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import { DomainError, type ProblemCode } from '../errors/index.js';
import { toProblem, toProblemDetails } from './problem-details.js';

const REQUEST = { path: '/book', id: 'request-1' };

const fastifyError = (statusCode: unknown) =>
  Object.assign(new Error('Body of jane@example.com is too large'), { statusCode });

describe('toProblem', () => {
  it.each<[ProblemCode, number, string]>([
    ['section_required', 400, 'This event has several sections. Send sectionId.'],
    ['key_required', 401, 'Send an API key as Authorization: Bearer <key>.'],
    ['event_not_found', 404, 'This event does not exist.'],
    ['sold_out', 409, 'Not enough places are free, or they belong to the waitlist.'],
    ['idempotency_key_reused', 422, 'This Idempotency-Key was used for a different request.'],
    ['lock_timeout', 503, expect.stringContaining('Nothing was changed.')],
  ])('takes status and detail of %s from the catalogue', (code, status, detail) => {
    expect(toProblem(new DomainError(code))).toMatchObject({
      status,
      code,
      detail,
      extensions: {},
      retryAfterSeconds: undefined,
    });
  });

  it.each([
    [
      new DomainError('limit_exceeded', { extensions: { limit: 4, per: 'person' } }),
      'The limit per person is 4 places.',
    ],
    [
      new DomainError('scope_missing', { extensions: { scope: 'events:write' } }),
      'This API key lacks the scope events:write.',
    ],
  ])('fills the fields of an error into its detail', (error, detail) => {
    expect(toProblem(error).detail).toBe(detail);
  });

  it('passes on what a client can act on, but nothing about the cause', () => {
    const error = new DomainError('lock_timeout', {
      retryAfterSeconds: 2,
      extensions: { outcome: 'unknown' },
      cause: new Error('errno 1205 at 10.0.0.5'),
    });
    const problem = toProblem(error);
    expect(problem).toMatchObject({ retryAfterSeconds: 2, extensions: { outcome: 'unknown' } });
    expect(JSON.stringify(problem)).not.toContain('1205');
  });

  it.each([
    [new NotFoundException('Cannot GET /internal'), 404, 'not_found'],
    [new BadRequestException('Unexpected token j in JSON'), 400, 'malformed_request'],
    [new HttpException('No', 405), 405, 'method_not_allowed'],
    [fastifyError(413), 413, 'payload_too_large'],
    [fastifyError(415), 415, 'unsupported_media_type'],
    [fastifyError(414), 414, 'uri_too_long'],
    [fastifyError(408), 408, 'request_timeout'],
    [fastifyError(431), 431, 'headers_too_large'],
    [fastifyError(429), 429, 'rate_limited'],
  ])('translates %s to %d %s', (error, status, code) => {
    const problem = toProblem(error);
    expect(problem).toMatchObject({ status, code });
    expect(problem.detail).not.toContain(error.message);
  });

  it.each([
    new Error('SELECT secret FROM users'),
    fastifyError(undefined),
    fastifyError('404'),
    fastifyError(500),
    fastifyError(200),
    new HttpException('secret', 500),
    { statusCode: 404, message: 'secret' },
    'secret',
    undefined,
    null,
  ])('treats everything else as an internal error without details: %p', (thrown) => {
    const problem = toProblem(thrown);
    expect(problem).toMatchObject({ status: 500, code: 'internal_error', extensions: {} });
    expect(JSON.stringify(problem)).not.toMatch(/secret|jane/);
  });
});

describe('toProblemDetails', () => {
  it('is an RFC 9457 document with a stable code and the request id', () => {
    const error = new DomainError('sold_out', { extensions: { requested: 2 } });
    expect(toProblemDetails(toProblem(error), REQUEST)).toEqual({
      type: 'urn:rowlock:problem:sold_out',
      title: 'Sold out',
      status: 409,
      detail: 'Not enough places are free, or they belong to the waitlist.',
      instance: '/book',
      code: 'sold_out',
      requestId: 'request-1',
      requested: 2,
    });
  });
});
