import type { Operation } from './operations.js';

export type Header = readonly [name: string, value: string];

/** What the status of the answer must be, or must not be. */
export type Expected = { readonly only: number } | { readonly never: number };

/** A request that can still be mutated. Texts are as on the wire: one character per byte. */
export interface Draft {
  /** Undefined if it is unclear how the service will read the request. */
  operation: Operation | undefined;
  method: string;
  /** With the query. */
  target: string;
  headers: Header[];
  /** Bytes, or a value that `toJson` can write. */
  body: Buffer | { readonly json: unknown } | undefined;
  /** The mutations, in order. */
  readonly harm: string[];
  /** Undefined if any documented answer will do. */
  expected: Expected | undefined;
}

/** How a client behaves after it has sent a request. */
export type Manner =
  /** Keeps its connection and waits. */
  | 'waits'
  /** Has its own connection, and reads until that ends or nothing more comes. */
  | 'listens'
  /** Ends its side of the connection, although the request is incomplete. */
  | 'ends'
  /** Disconnects before the answer. */
  | 'hangs up';

/** A request as it is sent. */
export interface FuzzRequest {
  readonly nth: number;
  /** The number of the organiser whose key it uses. */
  readonly owner: number;
  readonly operation: Operation | undefined;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly Header[];
  readonly body: Buffer | undefined;
  readonly bytes: Buffer;
  readonly manner: Manner;
  readonly harm: readonly string[];
  readonly expected: Expected | undefined;
}
