import { connect, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { openSeated, useApp, useDatabase } from '../kit/index.js';

/** No sequence of bytes in them is UTF-8. */
const ILL_FORMED: Readonly<Record<string, Buffer>> = {
  'Latin-1': Buffer.from('andré', 'latin1'),
  'a lone continuation': Buffer.from([0x61, 0x80]),
  'an impossible byte': Buffer.from([0xff]),
  'an overlong slash': Buffer.from([0xc0, 0xaf]),
  'an encoded surrogate': Buffer.from([0xed, 0xa0, 0x80]),
  'a character that is cut short': Buffer.from([0xf0, 0x9f, 0x8e]),
  'a number beyond Unicode': Buffer.from([0xf5, 0x80, 0x80, 0x80]),
};
const CASES = Object.entries(ILL_FORMED);

const UTF_8_TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=UTF-8',
  'Application/JSON; Charset="utf-8"',
  'application/json; charset=utf8; version=1',
];
const OTHER_CHARSETS = [
  'iso-8859-1',
  'windows-1252',
  'utf-16',
  'utf-7',
  'us-ascii',
  '"latin1"',
  '',
];

const percentEncoded = (bytes: Buffer): string =>
  [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

describe('text that is not UTF-8', () => {
  const app = useApp(useDatabase());
  let eventId: string;

  beforeAll(async () => {
    const body = { name: 'First night', totalTickets: 10 };
    eventId = (await request(app.server).post('/initialize').send(body).expect(201)).body.id;
  });

  const withBytes = (field: string, bytes: Buffer): Buffer => {
    const [before, after] = JSON.stringify({ eventId, [field]: '@@' }).split('@@');
    return Buffer.concat([Buffer.from(before!), bytes, Buffer.from(after!)]);
  };

  const post = async (
    path: string,
    body: Uint8Array<ArrayBuffer> | string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number; code?: string }> => {
    const { port } = app.server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
    });
    return { status: answer.status, ...((await answer.json()) as { code?: string }) };
  };

  const isMalformed = { status: 400, code: 'malformed_request' };
  const isUnsupported = { status: 415, code: 'unsupported_media_type' };

  it.each(CASES)('is refused in every body: %s', async (_, bytes) => {
    const paths = ['/initialize', '/book', '/cancel', '/v1/holds', '/v1/events', '/v1/bookings'];
    for (const path of paths) {
      expect(await post(path, new Uint8Array(withBytes('identifier', bytes)))).toMatchObject(
        isMalformed,
      );
    }
  });

  it('is refused in the name of a field', async () => {
    const body = Buffer.concat([Buffer.from('{"'), ILL_FORMED['Latin-1']!, Buffer.from('":1}')]);
    expect(await post('/book', new Uint8Array(body))).toMatchObject(isMalformed);
  });

  it('never makes two people one', async () => {
    const [one, two] = ['andré@example.org', 'andrè@example.org'] as const;
    const send = (path: string, name: string) =>
      post(path, new Uint8Array(withBytes('identifier', Buffer.from(name, 'latin1'))));
    expect(await send('/book', one)).toMatchObject(isMalformed);
    expect(await send('/cancel', two)).toMatchObject(isMalformed);
    const { body } = await request(app.server).get(`/status/${eventId}`).expect(200);
    expect(body).toMatchObject({ bookedTickets: 0, bookingCount: 0 });
    await request(app.server).post('/book').send({ eventId, identifier: one }).expect(201);
    await request(app.server).post('/cancel').send({ eventId, identifier: two }).expect(404);
    await request(app.server).post('/cancel').send({ eventId, identifier: one }).expect(200);
  });

  it.each(CASES)('is refused in a query and in a path: %s', async (_, bytes) => {
    const text = percentEncoded(bytes);
    for (const target of [
      `/v1/bookings?identifier=${text}`,
      `/v1/bookings?${text}=1`,
      `/v1/waitlist?eventId=${eventId}&identifier=${text}`,
      `/status/${text}`,
      `/v1/events/${text}`,
    ]) {
      const { status, body } = await request(app.server).get(target);
      expect({ status, code: body.code }).toEqual(isMalformed);
    }
  });

  it.each(['%', '%4', '%zz', '100%'])('refuses the broken escape %s in a query', async (text) => {
    const { status, body } = await request(app.server).get(`/v1/bookings?identifier=${text}`);
    expect({ status, code: body.code }).toEqual(isMalformed);
  });

  it.each([
    ['Latin-1', 'latin1'],
    ['UTF-8', 'utf8'],
  ] as const)('refuses bytes in a query that are not escaped: %s', async (_, encoding) => {
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    const head =
      'GET /v1/bookings?identifier=andré HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    socket.write(Buffer.from(head, encoding));
    let received = '';
    for await (const chunk of socket) received += String(chunk);
    expect(received).toMatch(/^HTTP\/1\.1 400 /);
    expect(received).toContain('"code":"malformed_request"');
  });

  it('refuses half of a surrogate pair, written as a JSON escape, in every field of text', async () => {
    const lone = String.raw`\ud800`;
    const price = '"price":{"amount":1,"currency":"EUR"}';
    const bodies: readonly (readonly [path: string, body: string])[] = [
      ['/book', `{"eventId":"${eventId}","identifier":"a${lone}"}`],
      ['/book', `{"eventId":"${eventId}","userId":"a${lone}"}`],
      ['/v1/holds', `{"eventId":"${eventId}","identifier":"${lone}"}`],
      ['/v1/events', `{"name":"a${lone}","totalTickets":1}`],
      ['/v1/events', `{"name":"a","totalTickets":1,"description":"${lone}"}`],
      ['/v1/events', `{"name":"a","totalTickets":1,"venue":"${lone}"}`],
      ['/v1/events', `{"name":"a","sections":[{"name":"${lone}","capacity":1,${price}}]}`],
      [
        '/v1/events',
        `{"name":"a","sections":[{"name":"a","seats":{"rows":["${lone}"],"perRow":1}}]}`,
      ],
    ];
    for (const [path, body] of bodies) {
      expect(await post(path, body)).toMatchObject({ status: 400, code: 'invalid_request' });
    }
    const { seatIds } = await openSeated(app.server, { rows: 1, perRow: 1 });
    const answer = await post(`/v1/seats/${seatIds[0]}/reserve`, `{"identifier":"${lone}"}`);
    expect(answer).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it.each(UTF_8_TYPES)('is not what %s promises', async (type) => {
    const body = JSON.stringify({ eventId, identifier: 'zoë@example.org' });
    expect((await post('/book', body, { 'Content-Type': type })).status).toBe(201);
  });

  it.each(OTHER_CHARSETS)('is what a charset other than UTF-8 means: %j', async (charset) => {
    const body = JSON.stringify({ eventId, identifier: 'jo@example.org' });
    const headers = { 'Content-Type': `application/json; charset=${charset}` };
    expect(await post('/book', body, headers)).toMatchObject(isUnsupported);
    const twice = { 'Content-Type': `application/json; charset=utf-8; charset=${charset}` };
    expect(await post('/book', body, twice)).toMatchObject(isUnsupported);
  });

  it.each(['gzip', 'deflate', 'br', 'x', 'identity, gzip'])(
    'is what the Content-Encoding %s means',
    async (encoding) => {
      const body = JSON.stringify({ eventId, identifier: 'jo@example.org' });
      const headers = { 'Content-Encoding': encoding };
      expect(await post('/book', body, headers)).toMatchObject(isUnsupported);
      const compressed = new Uint8Array(gzipSync(body));
      expect(await post('/book', compressed, headers)).toMatchObject(isUnsupported);
    },
  );

  it('refuses an Idempotency-Key that is not ASCII', async () => {
    const body = JSON.stringify({ eventId, identifier: 'jo@example.org' });
    const answer = await post('/book', body, { 'Idempotency-Key': 'andr\u00e9' });
    expect(answer).toMatchObject({ status: 400, code: 'idempotency_key_invalid' });
  });
});

describe('one person in several spellings', () => {
  const app = useApp(useDatabase());
  const SPELLINGS = [
    'straße@x.org',
    'STRASSE@X.ORG',
    'stra\u200bsse@x.org',
    'ｓtrasse@x.org\u200e',
  ];

  const post = (path: string, body: object) => request(app.server).post(path).send(body);
  const open = async (more: object): Promise<string> =>
    (await post('/v1/events', { name: 'Opera', totalTickets: 3, ...more }).expect(201)).body.id;

  it.each(['/book', '/v1/bookings', '/v1/holds'])('has one limit per person: %s', async (path) => {
    const eventId = await open({ limits: { maxPerPerson: 1 } });
    await post(path, { eventId, identifier: SPELLINGS[0] }).expect(201);
    for (const identifier of SPELLINGS) {
      const { status, body } = await post(path, { eventId, identifier });
      expect([status, body.code]).toEqual([409, 'limit_exceeded']);
    }
  });

  it('waits once, and finds and cancels everything by each spelling', async () => {
    const eventId = await open({ totalTickets: 2 });
    const [one, two, three] = SPELLINGS;
    await post('/book', { eventId, identifier: one }).expect(201);
    await post('/book', { eventId, identifier: two }).expect(201);
    await post('/book', { eventId, identifier: three }).expect(201);
    for (const identifier of SPELLINGS) {
      const { status, body } = await post('/book', { eventId, identifier });
      expect([status, body.code]).toEqual([409, 'already_waiting']);
      const query = new URLSearchParams({ eventId, identifier }).toString();
      const list = await request(app.server).get(`/v1/waitlist?${query}`).expect(200);
      expect(list.body.data).toHaveLength(1);
    }
    for (const identifier of SPELLINGS.slice(0, 3)) {
      await post('/cancel', { eventId, identifier }).expect(200);
    }
    await post('/cancel', { eventId, identifier: one }).expect(404);
  });

  it.each(['\u200b', 'a\ue000', 'a\u0378', 'a\u0600'])(
    'cannot be called %j',
    async (identifier) => {
      const eventId = await open({});
      const { status, body } = await post('/book', { eventId, identifier });
      expect([status, body.code, body.errors?.[0].pointer]).toEqual([
        400,
        'invalid_request',
        '/identifier',
      ]);
    },
  );
});
