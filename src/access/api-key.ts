import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const PREFIX = 'rlk';
const ID_BYTES = 9;
const SECRET_BYTES = 32;

/** `rlk_<id>_<secret>`: secret scanners can recognise the prefix. */
const TOKEN = /^rlk_([A-Za-z0-9-]{12})_([A-Za-z0-9-]{43})$/;

/** A new key; its token is shown only once. */
export interface NewKey {
  /** Identifies the key; not secret. */
  readonly id: string;
  readonly token: string;
  readonly secretHash: Buffer;
}

const ID = /^[A-Za-z0-9-]{12}$/;

/** Whether a text has the form of a key id; no secret has. */
export const isKeyId = (text: string): boolean => ID.test(text);

/** The parts of a token. */
export interface TokenParts {
  readonly id: string;
  readonly secret: string;
}

/** Contains no `_`, which separates the parts: this costs 0.4 of 256 bits. */
const randomText = (bytes: number): string =>
  randomBytes(bytes).toString('base64url').replaceAll('_', '-');

export function newKey(): NewKey {
  const id = randomText(ID_BYTES);
  const secret = randomText(SECRET_BYTES);
  return { id, token: `${PREFIX}_${id}_${secret}`, secretHash: hashOf(secret) };
}

/** @returns undefined if the token does not have the form of our keys */
export function parseToken(token: string): TokenParts | undefined {
  const [, id, secret] = TOKEN.exec(token) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

export const hasKeyPrefix = (token: string): boolean => token.startsWith(`${PREFIX}_`);

/** SHA-256 suffices for a random secret: slow hashes protect guessable passwords. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** A constant-time comparison. */
export const isSecretOf = (secret: string, hash: Buffer): boolean =>
  timingSafeEqual(hashOf(secret), hash);
