import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import { DomainError, type DomainErrorKind } from '../errors/index.js';
import { toProblem, toProblemDetails } from './problem-details.js';

const REQUEST = { path: '/book', id: 'request-1' };

const fastifyError = (statusCode: unknown) =>
  Object.assign(new Error('Body of jane@example.com is too large'), { statusCode });

describe('toProblem', () => {
  it.each<[DomainErrorKind, number]>([
    ['invalid', 400],
    ['not_found', 404],
    ['conflict', 409],
    ['unprocessable', 422],
    ['rate_limited', 429],
    ['unavailable', 503],
  ])('answers a refusal of kind %s with %d', (kind, status) => {
    expect(toProblem(new DomainError(kind, 'some_code', 'A sentence.'))).toMatchObject({
      status,
      code: 'some_code',
      detail: 'A sentence.',
      extensions: {},
      retryAfterSeconds: undefined,
    });
  });

  it('passes on what a client may act on, and nothing of the cause', () => {
    const error = new DomainError('unavailable', 'lock_timeout', 'Try again.', {
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
  ])('puts %s into our words', (error, status, code) => {
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
  ])('takes all else for a bug and says nothing of it: %p', (thrown) => {
    const problem = toProblem(thrown);
    expect(problem).toMatchObject({ status: 500, code: 'internal_error', extensions: {} });
    expect(JSON.stringify(problem)).not.toMatch(/secret|jane/);
  });
});

describe('toProblemDetails', () => {
  it('is a document of RFC 9457 with a stable code and the request id', () => {
    const error = new DomainError('conflict', 'sold_out', 'There are no places left.', {
      extensions: { requested: 2 },
    });
    expect(toProblemDetails(toProblem(error), REQUEST)).toEqual({
      type: 'urn:rowlock:problem:sold_out',
      title: 'Sold out',
      status: 409,
      detail: 'There are no places left.',
      instance: '/book',
      code: 'sold_out',
      requestId: 'request-1',
      requested: 2,
    });
  });
});
