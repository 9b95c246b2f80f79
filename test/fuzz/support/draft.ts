import type { Operation } from './operations.js';

export type Header = readonly [name: string, value: string];

/** A request that can still be made worse. Texts are as on the wire: one character, one byte. */
export interface Draft {
  /** Undefined if nobody can say any more what the service will take it for. */
  operation: Operation | undefined;
  method: string;
  /** With the query. */
  target: string;
  headers: Header[];
  /** Bytes, or a value that `toJson` can write. */
  body: Buffer | { readonly json: unknown } | undefined;
  /** What was done to it, in order. */
  readonly harm: string[];
}

/** How a client goes on once it has sent a request. */
export type Manner =
  /** Keeps its connection and waits. */
  | 'waits'
  /** Has a connection of its own, and takes whatever comes until that ends or nothing more comes. */
  | 'listens'
  /** Says that nothing more will come, though the request is not complete. */
  | 'ends'
  /** Is gone before it is answered. */
  | 'hangs up';

/** A request as it goes out. */
export interface FuzzRequest {
  readonly nth: number;
  /** To whose key it was made, as the world counts organisers. */
  readonly owner: number;
  readonly operation: Operation | undefined;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly Header[];
  readonly body: Buffer | undefined;
  readonly bytes: Buffer;
  readonly manner: Manner;
  readonly harm: readonly string[];
}
