/** Headers of a response that belong to its body. */
export interface ResultHeaders {
  readonly Location?: string;
  readonly ETag?: string;
}

/** The result of a request, and whether it repeats that of an earlier one with the same idempotency key. */
export class Replayable<Body> {
  constructor(
    readonly body: Body,
    readonly isReplay: boolean,
    readonly headers?: ResultHeaders,
  ) {}

  /** The same with another form of the body. */
  map<Other>(convert: (body: Body) => Other): Replayable<Other> {
    return new Replayable(convert(this.body), this.isReplay, this.headers);
  }

  with(headers: ResultHeaders): Replayable<Body> {
    return new Replayable(this.body, this.isReplay, headers);
  }

  /** The same without a body. */
  get empty(): Replayable<undefined> {
    return this.map(() => undefined);
  }
}
