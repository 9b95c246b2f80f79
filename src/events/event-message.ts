import { type Actor, uuidV7 } from '../platform/common/index.js';
import type { OutboxRow } from '../platform/outbox/index.js';

export type EventMessageType =
  'event.created' | 'event.updated' | 'event.published' | 'event.cancelled';

/** The outbox row of a change of the event itself. It reports only that; the changes of its sections report theirs. */
export const eventMessageRow = (
  { id: eventId, version }: { readonly id: string; readonly version: number },
  type: EventMessageType,
  { actor, createdAt }: { readonly actor: Actor; readonly createdAt: Date },
): OutboxRow => ({
  id: uuidV7(),
  eventId,
  sectionId: null,
  sequence: version,
  messages: [{ type, payload: { eventId, ...actor } }],
  createdAt,
});
