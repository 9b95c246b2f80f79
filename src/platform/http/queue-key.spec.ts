import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { keyOf, withQueueKey } from './queue-key.js';

const EVENT = '01890000-0000-7000-8000-00000000000a';
const SECTION = '01890000-0000-7000-8000-00000000000b';

describe('the queue of a request', () => {
  it('is that of its event, or of its section if it names one', () => {
    expect(keyOf(`{"identifier":"ann", "eventId" : "${EVENT}"}`)).toBe(EVENT);
    expect(keyOf(`{"sectionId":"${SECTION}","eventId":"${EVENT}"}`)).toBe(EVENT + SECTION);
  });

  it('is the same for all spellings of an id, and for a body that is no JSON', () => {
    expect(keyOf(`{"eventId":"${EVENT.toUpperCase()}"`)).toBe(EVENT);
  });

  it('cannot be chosen with a text that only looks like an id', () => {
    const inText = JSON.stringify({ identifier: `"eventId":"${SECTION}"`, eventId: EVENT });
    expect(keyOf(inText)).toBe(EVENT);
  });

  it('is one for all bodies that name no event', () => {
    expect([keyOf(''), keyOf('{}'), keyOf('{"eventId":7}')]).toEqual(['', '', '']);
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
    new Promise((resolve) => withQueueKey(request, resolve));

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

  it('does not wait for a body that is large or of unknown length', async () => {
    expect(await keyFor(arrive({ 'content-length': '60000' }))).toBe('');
    expect(await keyFor(arrive({ 'transfer-encoding': 'chunked' }))).toBe('');
  });
});
