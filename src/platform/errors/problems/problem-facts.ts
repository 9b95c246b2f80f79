/** A JSON schema. */
export type FieldSchema = Readonly<Record<string, unknown>>;

/** A problem that clients may get, as the service, the OpenAPI document and docs/errors.md say it. */
export interface ProblemFacts {
  readonly status: number;
  /** A sentence for readers, safe to show. `{name}` stands for the field of that name. */
  readonly detail: string;
  /** When clients get it. */
  readonly meaning: string;
  /** How clients can go on. */
  readonly action?: string;
  /** Fields beside those of every problem document. */
  readonly fields?: Readonly<Record<string, FieldSchema>>;
  /** Those of `fields` that may be missing. */
  readonly optionalFields?: readonly string[];
  /** Whether it is stored under the idempotency key, so that a retry gets it again. */
  readonly isStored?: boolean;
}

export type ProblemFactsByCode = Readonly<Record<string, ProblemFacts>>;

export const COUNT: FieldSchema = { type: 'integer', minimum: 0 };
export const IDS: FieldSchema = { type: 'array', items: { type: 'string', format: 'uuid' } };
