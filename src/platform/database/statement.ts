/** SQL with placeholders, which comes from the code and never from a request, and their values. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** A statement that reads, and the conversion of its rows. */
export interface Query<Result> {
  /** Undefined if the result is known without the database. */
  readonly statement: Statement | undefined;
  readonly read: (rows: readonly never[]) => Result;
}

/** A statement that writes, and what must be true of it. */
export interface Change extends Statement {
  /** The number of rows it writes: changes are split into packets by it. */
  readonly rows: number;
  /** Whether it must affect exactly that many rows: its author holds the lock that guarantees they exist. */
  readonly isExact: boolean;
  /** Recognises the error that another transaction was faster, so that all of the work must run again. */
  readonly isStaleRead?: (error: unknown) => boolean;
}

/** @param read converts the rows; its parameter type describes them */
export const defineQuery = <Result>(
  sql: string,
  parameters: readonly unknown[],
  read: (rows: readonly never[]) => Result,
): Query<Result> => ({ statement: { sql, parameters }, read });

/** A query that does not need the database. */
export const constantQuery = <Result>(result: Result): Query<Result> => ({
  statement: undefined,
  read: () => result,
});
