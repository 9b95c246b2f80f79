import type { EntityManager } from 'typeorm';

declare const transactionBrand: unique symbol;

/**
 * A connection that is known to be inside a transaction. Only TransactionRunner makes one, so a
 * function that asks for it cannot be called outside: passing a plain EntityManager does not compile.
 */
export type Transaction = Pick<EntityManager, 'query'> & { readonly [transactionBrand]: true };

/** What INSERT, UPDATE and DELETE answer. */
export interface WriteResult {
  readonly affectedRows: number;
}
