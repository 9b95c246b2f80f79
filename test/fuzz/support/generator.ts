import type { OpenApiDocument } from '../../../src/platform/openapi/document.js';
import { broken, bytesOf } from './broken-http.js';
import { RandomChoices } from './random-choices.js';
import type { Draft, FuzzRequest, Header } from './draft.js';
import { toJson } from './json-text.js';
import { mutatedText, mutatedValue } from './mutated-body.js';
import { mutateAddress, mutateHeader } from './mutated-head.js';
import { foreignCoding } from './foreign-codings.js';
import { type Operation, operationsOf } from './operations.js';
import { undecodable } from './undecodable.js';
import { ValidValues } from './valid-values.js';
import type { KnownEvent, KnownEvents } from './known-events.js';

/** The kinds of requests, in percent; the rest is valid. */
const MUTATED = 50;
/** Mutated in one way, whose answer is known. */
const PLANTED = 12;
const BROKEN = 10;
/** The chance of another mutation, in percent. */
const AGAIN = 25;

/** The first requests contain each byte once, in the one header that is read as it stands. */
const BYTES = 256;

/** Ends its event, after which hardly anything could be tried there. */
const CANCEL_EVENT = 'POST /v1/events/{id}/cancel';

/** A key of each organiser, and a key with fewer rights. */
export interface Keys {
  readonly organisers: readonly string[];
  /** Of the first organiser, with one scope only. */
  readonly narrow: string;
}

/** Generates the nth request of a seed. */
export class Generator {
  readonly operations: readonly Operation[];
  private readonly writing: readonly Operation[];

  constructor(
    private readonly document: OpenApiDocument,
    private readonly events: KnownEvents,
    private readonly keys: Keys,
    private readonly seed: number,
  ) {
    this.operations = operationsOf(document);
    this.writing = this.operations.filter(({ method }) => method !== 'GET');
  }

  request(nth: number): FuzzRequest {
    const random = new RandomChoices(this.seed, nth);
    const operations = nth < BYTES ? this.writing : this.operations;
    const operation = operations[nth % operations.length]!;
    const event = this.events.event(random, operation.name === CANCEL_EVENT ? 90 : 20);
    const draft = this.valid(operation, event, { random, nth });
    const sort = nth < BYTES ? 0 : random.below(100);
    if (nth < BYTES) withByte(nth, draft);
    else if (sort < MUTATED) this.mutate(random, draft);
    else if (sort < MUTATED + PLANTED) this.plant(random, draft, event);
    const { request, harm } = finished(draft);
    const { operation: asked, expected } = draft;
    const common = { nth, owner: event.owner, operation: asked, expected, ...request };
    if (sort >= 100 - BROKEN) {
      const made = broken(random, request);
      return { ...common, ...made, operation: undefined, harm: [...harm, made.harm] };
    }
    const manner = isClean(request) ? 'waits' : 'listens';
    return { ...common, bytes: bytesOf(request), manner, harm };
  }

  private valid(
    operation: Operation,
    event: KnownEvent,
    { random, nth }: { random: RandomChoices; nth: number },
  ): Draft {
    const values = new ValidValues(this.document, event, random);
    const json = values.body(operation);
    const query = operation.parameters
      .filter((one) => one.in === 'query' && (one.required || random.percent(chanceOf(one.name))))
      .map(({ name, schema }) => {
        const value = name === 'cursor' ? this.events.cursor(random) : values.of(schema, name);
        return `${name}=${encodeURIComponent(String(value))}`;
      });
    const path = operation.path.replace(/\{\w+\}/, () => values.idIn(operation.path));
    return {
      operation,
      method: operation.method,
      target: query.length === 0 ? path : `${path}?${query.join('&')}`,
      headers: this.headers(operation, event, { random, nth }),
      body: json === undefined ? undefined : { json },
      harm: [],
      expected: undefined,
    };
  }

  private headers(
    { method, needsKey, body }: Operation,
    { owner }: KnownEvent,
    { random, nth }: { random: RandomChoices; nth: number },
  ): Header[] {
    const key = random.percent(92) ? this.keys.organisers[owner]! : this.otherKey(random);
    const headers: Header[] = [['Host', '127.0.0.1']];
    if (needsKey) headers.push(['Authorization', `Bearer ${key}`]);
    if (body !== undefined) headers.push(['Content-Type', 'application/json']);
    if (method !== 'GET' && random.percent(40)) {
      // Now and then a used key, mostly with another request.
      headers.push(['Idempotency-Key', `k-${random.percent(80) ? nth : random.below(200)}`]);
    }
    if (method === 'PATCH' && random.percent(20)) {
      headers.push(['If-Match', `"${1 + random.below(3)}"`]);
    }
    return headers;
  }

  private otherKey(random: RandomChoices): string {
    return random.pick([...this.keys.organisers, this.keys.narrow]);
  }

  private plant(random: RandomChoices, draft: Draft, { owner }: KnownEvent): void {
    const others = draft.headers.filter(([name]) => name !== 'Authorization');
    // Another key may be refused first.
    draft.headers = [...others, ['Authorization', `Bearer ${this.keys.organisers[owner]}`]];
    if (random.percent(50)) undecodable(random, draft);
    else foreignCoding(random, draft);
  }

  private mutate(random: RandomChoices, draft: Draft): void {
    do {
      if (draft.body !== undefined && random.percent(70)) mutateBody(random, draft);
      else if (random.percent(55)) mutateAddress(random, draft);
      else mutateHeader(random, draft);
    } while (random.percent(AGAIN));
  }
}

function withByte(byte: number, draft: Draft): void {
  const others = draft.headers.filter(([name]) => name !== 'Idempotency-Key');
  draft.headers = [...others, ['Idempotency-Key', `k${String.fromCharCode(byte)}k`]];
  draft.harm.push(`byte ${byte}`);
}

/** Few cursors belong to the requested list. */
const chanceOf = (name: string): number => (name === 'cursor' ? 12 : 40);

function mutateBody(random: RandomChoices, draft: Draft): void {
  const { body } = draft;
  if (body === undefined || Buffer.isBuffer(body)) return;
  if (random.percent(80)) {
    const { value, harm } = mutatedValue(random, body.json);
    draft.body = { json: value };
    draft.harm.push(harm);
  } else {
    const { bytes, harm } = mutatedText(random, body.json);
    draft.body = bytes;
    draft.harm.push(harm);
  }
}

/** Whether its head is valid HTTP, so that the service sees a single request, as we do. */
const isClean = ({ target, headers }: Pick<FuzzRequest, 'target' | 'headers'>): boolean =>
  /^[\x21-\x7e]*$/.test(target) &&
  headers.every(([, value]) => /^[\t\x20-\x7e\x80-\xff]*$/.test(value));

function finished({ method, target, headers, body: drafted, harm }: Draft) {
  const body =
    drafted === undefined || Buffer.isBuffer(drafted) ? drafted : Buffer.from(toJson(drafted.json));
  const length: Header[] = body === undefined ? [] : [['Content-Length', String(body.length)]];
  return { request: { method, target, headers: [...headers, ...length], body }, harm };
}
