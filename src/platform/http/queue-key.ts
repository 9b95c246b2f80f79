import type { IncomingMessage } from 'node:http';

const EVENT = /"eventId"\s*:\s*"([\da-f-]{36})"/i;
const SECTION = /"sectionId"\s*:\s*"([\da-f-]{36})"/i;

/** Shared by all bodies that name no event, are too large or have no stated length. */
const UNKNOWN = '';

/**
 * Calls back with the queue that a request belongs to: its event and section, which are looked for in the
 * text of the body. Parsing would cost more than a refusal may. The body stays unread for its handler.
 */
export function withQueueKey(request: IncomingMessage, found: (key: string) => void): void {
  if (!fitsBuffer(request)) return found(UNKNOWN);
  // A body that came together with the headers is there after this tick.
  process.nextTick(() => {
    if (request.complete) return found(keyIn(request));
    return whenComplete(request, () => found(keyIn(request)));
  });
}

/** Node reads no more than its buffer takes until somebody consumes the body. */
const fitsBuffer = ({ headers, readableHighWaterMark }: IncomingMessage): boolean =>
  headers['transfer-encoding'] === undefined &&
  Number(headers['content-length'] ?? 0) < readableHighWaterMark;

function whenComplete(request: IncomingMessage, done: () => void): void {
  const look = (): void => {
    if (!request.complete) return;
    request.off('readable', look);
    // Node notes in a tick of its own that the listener is gone.
    process.nextTick(done);
  };
  request.on('readable', look);
}

function keyIn(request: IncomingMessage): string {
  const body = request.read() as Buffer | null;
  if (body === null) return UNKNOWN;
  request.unshift(body);
  return keyOf(body.toString('latin1'));
}

/** Ids are compared in lower case. */
export function keyOf(body: string): string {
  const [, event] = EVENT.exec(body) ?? [];
  if (event === undefined) return UNKNOWN;
  const [, section = ''] = SECTION.exec(body) ?? [];
  return (event + section).toLowerCase();
}
