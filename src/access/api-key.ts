import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const PREFIX = 'rlk';
const ID_BYTES = 9;
const SECRET_BYTES = 32;

/** `rlk_<id>_<secret>`: what it is can be seen, and found by whoever scans code for lost secrets. */
const TOKEN = /^rlk_([A-Za-z0-9-]{12})_([A-Za-z0-9-]{43})$/;

/** A key as it is shown, once. */
export interface NewKey {
  /** Names the key; no secret. */
  readonly id: string;
  readonly token: string;
  readonly secretHash: Buffer;
}

const ID = /^[A-Za-z0-9-]{12}$/;

/** Whether it can name a key; a secret cannot. */
export const isKeyId = (text: string): boolean => ID.test(text);

/** The parts of a key that a request shows. */
export interface ShownKey {
  readonly id: string;
  readonly secret: string;
}

/** `_` separates the parts, so it stands in none of them: 0.4 bits of 256 are lost. */
const randomText = (bytes: number): string =>
  randomBytes(bytes).toString('base64url').replaceAll('_', '-');

export function newKey(): NewKey {
  const id = randomText(ID_BYTES);
  const secret = randomText(SECRET_BYTES);
  return { id, token: `${PREFIX}_${id}_${secret}`, secretHash: hashOf(secret) };
}

/** @returns undefined if it cannot be one of ours */
export function readKey(token: string): ShownKey | undefined {
  const [, id, secret] = TOKEN.exec(token) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Whether it begins as ours do. */
export const looksLikeOurs = (token: string): boolean => token.startsWith(`${PREFIX}_`);

/** SHA-256 is enough for what nobody can guess: slow hashes are for passwords. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** In the same time whatever the difference is. */
export const isSecretOf = (secret: string, hash: Buffer): boolean =>
  timingSafeEqual(hashOf(secret), hash);
