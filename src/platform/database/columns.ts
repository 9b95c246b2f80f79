import type { ColumnOptions } from 'typeorm';

/** An id: a UUID in lower-case text, compared byte by byte (ascii: 36 bytes instead of 144). */
export const idColumn = (name: string) =>
  ({
    name,
    type: 'char',
    length: 36,
    charset: 'ascii',
    collation: 'ascii_bin',
  }) satisfies ColumnOptions;

/** A SHA-256 digest in base64url. */
export const digestColumn = (name: string) =>
  ({
    name,
    type: 'char',
    length: 43,
    charset: 'ascii',
    collation: 'ascii_bin',
  }) satisfies ColumnOptions;

/** An amount of money, in the smallest unit of its currency; read as text. */
export const amountColumn = (name: string) =>
  ({ name, type: 'bigint', unsigned: true }) satisfies ColumnOptions;

/** An ISO 4217 code. */
export const currencyColumn = (name: string) =>
  ({
    name,
    type: 'char',
    length: 3,
    charset: 'ascii',
    collation: 'ascii_bin',
  }) satisfies ColumnOptions;

/** A count of places, people or changes; never negative. */
export const countColumn = (name: string) =>
  ({ name, type: 'int', unsigned: true }) satisfies ColumnOptions;
