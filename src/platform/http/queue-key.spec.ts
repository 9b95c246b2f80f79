import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { keyOf, type QueueNames, withQueueKey } from './queue-key.js';

const EVENT = '01890000-0000-7000-8000-00000000000a';
const SECTION = '01890000-0000-7000-8000-00000000000b';

const nameQueue: QueueNames = (eventId, sectionId = '') => eventId + sectionId;
const queue = (body: string): string => keyOf(body, nameQueue);

describe('the queue of a request', () => {
  it('is named by the ids of its event and section', () => {
    expect(queue(`{"identifier":"ann", "eventId" : "${EVENT}"}`)).toBe(EVENT);
    expect(queue(`{"sectionId":"${SECTION}","eventId":"${EVENT}"}`)).toBe(EVENT + SECTION);
  });

  it('is the same for all spellings of an id', () => {
    expect(queue(`{"eventId":"${EVENT.toUpperCase()}"}`)).toBe(EVENT);
    expect(queue(`{"\\u0065ventId":"\\u0030${EVENT.slice(1)}"}`)).toBe(EVENT);
    expect(queue(`{"eventId":"${SECTION}","eventId":"${EVENT}"}`)).toBe(EVENT);
  });

  it('is that of the event for a body that is no JSON', () => {
    expect(queue(`{"eventId":"${EVENT}"`)).toBe(EVENT);
  });

  it('cannot be chosen with a text that only looks like an id', () => {
    const inText = JSON.stringify({ identifier: `"eventId":"${SECTION}"`, eventId: EVENT });
    expect(queue(inText)).toBe(EVENT);
  });

  it('is one for all bodies that name no event', () => {
    expect(['', '{}', 'null', '[]', '{"eventId":7}'].map(queue)).toEqual(['', '', '', '', '']);
  });
});

describe('looking for the queue of a request', () => {
  function arrive(headers: Readonly<Record<string, string>>): IncomingMessage {
    const request = new IncomingMessage(new Socket());
    Object.assign(request.headers, headers);
    return request;
  }

  function receive(request: IncomingMessage, text: string): void {
    request.push(text);
    request.complete = true;
    request.push(null);
  }

  const keyFor = (request: IncomingMessage): Promise<string> =>
    new Promise((resolve) => withQueueKey(request, nameQueue, resolve));

  const bodyOf = async (request: IncomingMessage): Promise<string> =>
    Buffer.concat(await request.toArray()).toString();

  const BODY = `{"eventId":"${EVENT}"}`;

  it('leaves the body for the handler', async () => {
    const request = arrive({ 'content-length': String(BODY.length) });
    const key = keyFor(request);
    receive(request, BODY);
    expect(await key).toBe(EVENT);
    expect(await bodyOf(request)).toBe(BODY);
  });

  it('waits for a body that comes after the headers and in parts', async () => {
    const request = arrive({ 'content-length': String(BODY.length) });
    const key = keyFor(request);
    await new Promise(setImmediate);
    request.push(BODY.slice(0, 20));
    await new Promise(setImmediate);
    receive(request, BODY.slice(20));
    expect(await key).toBe(EVENT);
    expect(await bodyOf(request)).toBe(BODY);
  });

  it('waits for the end of a body without a stated length', async () => {
    const request = arrive({ 'transfer-encoding': 'chunked' });
    const key = keyFor(request);
    receive(request, BODY);
    expect(await key).toBe(EVENT);
    expect(await bodyOf(request)).toBe(BODY);
  });

  it('does not wait for a body that is too large to be accepted', async () => {
    const size = new IncomingMessage(new Socket()).readableHighWaterMark;
    expect(await keyFor(arrive({ 'content-length': String(size) }))).toBe('');
    const endless = arrive({ 'transfer-encoding': 'chunked' });
    const key = keyFor(endless);
    endless.push(' '.repeat(size));
    expect(await key).toBe('');
  });
});
