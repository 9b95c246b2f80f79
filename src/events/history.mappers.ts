import { ADMIN, OPEN, OPERATOR } from '../platform/common/index.js';
import type { StoredMessage } from '../platform/outbox/index.js';
import type { ActorResponse, ChangeResponse } from './dto/history.dto.js';

/** As long as the ids of keys; no other name is. */
const KEY_ID_LENGTH = 12;

/** @param names of API keys, by id */
export function toChange(
  message: StoredMessage,
  names: ReadonlyMap<string, string>,
): ChangeResponse {
  const { createdAt, type, sectionId, sequence, payload } = message;
  const actor = { ...actorOf(payload.by, names), requestId: payload.request ?? null };
  return { time: createdAt.toISOString(), type, sectionId, sequence, actor };
}

function actorOf(
  by: string | undefined,
  names: ReadonlyMap<string, string>,
): Omit<ActorResponse, 'requestId'> {
  if (by === undefined) return { kind: 'unknown', keyId: null, name: null };
  if (by === ADMIN || by === OPEN || by === OPERATOR) return { kind: by, keyId: null, name: null };
  if (by.length !== KEY_ID_LENGTH) return { kind: 'worker', keyId: null, name: by };
  return { kind: 'key', keyId: by, name: names.get(by) ?? null };
}
