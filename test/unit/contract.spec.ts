import fastify, { type FastifyReply } from 'fastify';
import type { OpenApiDocument } from '../../src/platform/openapi/document.js';
import { Contract } from '../kit/contract.js';

const TEXT = { type: 'string' };
const ID = { name: 'X-Request-Id', schema: TEXT, required: true };

/** A document with one route that has every kind of response. */
const DOCUMENT: OpenApiDocument = {
  openapi: '3.1.0',
  paths: {
    '/things/{id}': {
      post: {
        parameters: [{ name: 'size', in: 'query', required: false, schema: { type: 'integer' } }],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: { type: 'object', required: ['name'], properties: { name: TEXT } },
            },
          },
        },
        responses: {
          200: {
            headers: { 'X-Request-Id': ID },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
          },
          204: { headers: { 'X-Request-Id': ID } },
          409: {
            headers: { 'X-Request-Id': ID },
            content: {
              'application/problem+json': { schema: { $ref: '#/components/schemas/TakenProblem' } },
            },
          },
        },
      },
    },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        properties: { id: TEXT, part: { type: 'object', properties: { count: TEXT } } },
        required: ['id'],
      },
      Problem: { type: 'object', properties: { code: TEXT }, required: ['code'] },
      TakenProblem: {
        allOf: [
          { $ref: '#/components/schemas/Problem' },
          { type: 'object', properties: { code: { const: 'taken' }, by: TEXT } },
        ],
      },
    },
  },
};

const BODY: object = { name: 'a' };

/** The faults that the contract finds in a response. */
async function faultsOf(
  respond: (reply: FastifyReply) => FastifyReply,
  { url = '/things/1', payload = BODY } = {},
): Promise<string | undefined> {
  const server = fastify();
  const contract = new Contract(DOCUMENT);
  contract.watch(server);
  server.post('/things/:id', (_, reply) => respond(reply.header('X-Request-Id', '1')));
  await server.inject({ method: 'POST', url, payload });
  await server.close();
  try {
    contract.assertKept();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const problem = (reply: FastifyReply, body: object) =>
  reply.status(409).header('Content-Type', 'application/problem+json').send(JSON.stringify(body));

describe('the contract between responses and the document', () => {
  it.each([
    ['a success', (reply: FastifyReply) => reply.send({ id: '1', part: { count: '2' } })],
    ['a response without a body', (reply: FastifyReply) => reply.status(204).send()],
    ['an error', (reply: FastifyReply) => problem(reply, { code: 'taken', by: 'ann' })],
  ])('accepts %s that is documented', async (_, respond) => {
    expect(await faultsOf(respond)).toBeUndefined();
  });

  it.each([
    ['status', (reply: FastifyReply) => reply.status(201).send({ id: '1' }), 'this status'],
    ['code', (reply: FastifyReply) => problem(reply, { code: 'other' }), 'must be equal to const'],
    [
      'field of an error',
      (reply: FastifyReply) => problem(reply, { code: 'taken', at: 1 }),
      'must NOT have unevaluated properties',
    ],
    [
      'field',
      (reply: FastifyReply) => reply.send({ id: '1', secret: '2' }),
      'must NOT have additional properties {"additionalProperty":"secret"}',
    ],
    [
      'nested field',
      (reply: FastifyReply) => reply.send({ id: '1', part: { secret: '2' } }),
      '/part must NOT have additional properties',
    ],
    ['missing field', (reply: FastifyReply) => reply.send({}), "must have required property 'id'"],
    ['type of a field', (reply: FastifyReply) => reply.send({ id: 1 }), '/id must be string'],
    [
      'header',
      (reply: FastifyReply) => reply.header('Location', '/').send({ id: '1' }),
      'Location is not documented',
    ],
    [
      'missing header',
      (reply: FastifyReply) => reply.removeHeader('X-Request-Id').send({ id: '1' }),
      'has no X-Request-Id',
    ],
    [
      'body',
      (reply: FastifyReply) => reply.status(204).serializer(String).send('{}'),
      'has a body, but none is documented',
    ],
    [
      'type of body',
      (reply: FastifyReply) => reply.header('Content-Type', 'text/plain').send('{"id":"1"}'),
      'is not application/json',
    ],
  ])('rejects an undocumented %s', async (_, respond, found) => {
    expect(await faultsOf(respond)).toContain(found);
  });

  it.each([
    ['a body', { payload: { title: 'a' } }, "must have required property 'name'"],
    ['a query', { url: '/things/1?size=big' }, 'size: must be integer'],
  ])('rejects a success of %s that the document forbids', async (_, sent, found) => {
    expect(await faultsOf((reply) => reply.send({ id: '1' }), sent)).toContain(found);
  });
});
