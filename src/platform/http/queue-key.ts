import type { IncomingMessage } from 'node:http';

/** Names the queue of a request by the ids in its body: requests for the same places share one. */
export type QueueNames = (eventId: string, sectionId: string | undefined) => string;

/** Shared by all bodies that name no event: their handlers refuse them. */
const UNKNOWN = '';

/**
 * Calls back with the queue that a request belongs to. It must not be possible to choose a shorter one by
 * another spelling of the body, so ids are read as the handler will read them. The body stays unread.
 */
export function withQueueKey(
  request: IncomingMessage,
  queues: QueueNames,
  found: (key: string) => void,
): void {
  if (isTooLarge(request)) return found(UNKNOWN);
  // A body that came together with the headers is there after this tick.
  process.nextTick(() => {
    if (isBuffered(request)) return found(keyIn(request, queues));
    return whenBuffered(request, () => found(keyIn(request, queues)));
  });
}

/** The server's buffer takes every body that it accepts. */
const isTooLarge = ({ headers, readableHighWaterMark }: IncomingMessage): boolean =>
  Number(headers['content-length'] ?? 0) >= readableHighWaterMark;

/** Node reads no more than its buffer takes until somebody consumes the body. */
const isBuffered = ({
  complete,
  readableLength,
  readableHighWaterMark,
}: IncomingMessage): boolean => complete || readableLength >= readableHighWaterMark;

function whenBuffered(request: IncomingMessage, done: () => void): void {
  const look = (): void => {
    if (!isBuffered(request)) return;
    request.off('readable', look);
    // Node notes in a tick of its own that the listener is gone.
    process.nextTick(done);
  };
  request.on('readable', look);
}

function keyIn(request: IncomingMessage, queues: QueueNames): string {
  const body = request.read() as Buffer | null;
  if (body === null) return UNKNOWN;
  request.unshift(body);
  return keyOf(body.toString('latin1'), queues);
}

/** Ids are compared in lower case. */
export function keyOf(body: string, queues: QueueNames): string {
  const { eventId, sectionId } = idsIn(body);
  if (typeof eventId !== 'string') return UNKNOWN;
  const section = typeof sectionId === 'string' ? sectionId.toLowerCase() : undefined;
  return queues(eventId.toLowerCase(), section);
}

const EVENT = /"eventId"\s*:\s*"([\da-f-]{36})"/i;

/** A body that is no JSON waits, or is refused, with the others of its event. */
function idsIn(body: string): { readonly eventId?: unknown; readonly sectionId?: unknown } {
  try {
    return Object(JSON.parse(body)) as object;
  } catch {
    return { eventId: EVENT.exec(body)?.[1] };
  }
}
