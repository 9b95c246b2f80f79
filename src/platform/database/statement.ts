/** SQL with placeholders, from the code and never from a request, and the values for them. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Something to be asked, and how its rows are read. */
export interface Query<Answer> {
  /** Undefined if the answer is known without context. */
  readonly statement: Statement | undefined;
  read(rows: readonly never[]): Answer;
}

/** A change, and what must be true of it. */
export interface Change extends Statement {
  /** Rows it writes: packets are cut by it. */
  readonly rows: number;
  /** Whether it must meet exactly its rows: whoever made it holds the lock that says they are there. */
  readonly isExact: boolean;
  /** Recognises the error that says: another transaction was there first, run the whole again. */
  readonly isOvertaken?: (error: unknown) => boolean;
}

/** A question with an answer to be read from rows; `read` says what they look like. */
export const defineQuery = <Answer>(
  sql: string,
  parameters: readonly unknown[],
  read: (rows: readonly never[]) => Answer,
): Query<Answer> => ({ statement: { sql, parameters }, read });

/** A question that need not be asked. */
export const constantQuery = <Answer>(answer: Answer): Query<Answer> => ({
  statement: undefined,
  read: () => answer,
});
