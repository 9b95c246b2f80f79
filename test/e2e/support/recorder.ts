import type { Example } from '../../../src/platform/openapi/examples.js';
import type { OpenApiDocument } from '../../../src/platform/openapi/document.js';
import type { Answer } from '../../kit/index.js';

type Sent = Example['request'];
type Send = (
  method: string,
  path: string,
  body: string | undefined,
  headers: Readonly<Record<string, string>>,
) => Promise<Answer>;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const TIME_WITHIN = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const CURSOR = /^[\w-]{20,}$/;
/** Headers of answers that an example shows. */
const HEADERS = ['location', 'etag', 'link', 'idempotency-replayed', 'retry-after'];

/** The recorded time of the first example; each further one is a second later. */
const BEGINNING = Date.parse('2027-01-15T10:00:00.000Z');
/** A time nearer than this to its request is recorded as the time of the request. */
const NEAR_MS = 60_000;
/** The distance of any other time is rounded to this, because a machine may be slow. */
const ROUGHLY_MS = 100_000;

/**
 * Sends requests and records the answers. Ids, times and cursors are replaced by constant ones, so
 * that a recording can be compared with an earlier one.
 */
export class Recorder {
  readonly examples: Example[] = [];
  private readonly ids = new Map<string, string>();
  private readonly times = new Map<number, number>();
  private startedAt = 0;

  constructor(
    private readonly document: OpenApiDocument,
    private readonly send: Send,
  ) {}

  /** Sends and records an example of an operation; returns the real answer. */
  async show(operation: string, summary: string, sent: Sent = {}): Promise<Answer> {
    const [method, template] = this.find(operation);
    const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => sent.path![name]!);
    const query = new URLSearchParams(sent.query).toString();
    const body = sent.body === undefined ? undefined : JSON.stringify(sent.body);
    this.startedAt = Date.now();
    this.keepTimesOf(sent.body);
    const target = query === '' ? path : `${path}?${query}`;
    const answer = await this.send(method.toUpperCase(), target, body, sent.headers ?? {});
    const request = this.plain(sent) as Sent;
    this.examples.push({ operation, summary, request, answer: this.recorded(answer) });
    return answer;
  }

  private find(operation: string): [method: string, path: string] {
    for (const [path, methods] of Object.entries(this.document.paths)) {
      for (const [method, { operationId }] of Object.entries(methods)) {
        if (operationId === operation) return [method, path];
      }
    }
    throw new Error(`The document has no operation "${operation}"`);
  }

  private recorded({ status, headers, body }: Answer): Example['answer'] {
    const shown = HEADERS.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, this.plain(String(value))] as const];
    });
    return {
      status,
      headers: Object.fromEntries(shown) as Record<string, string>,
      ...(body !== undefined && { body: this.plain(body) }),
    };
  }

  private plain(value: unknown, name = ''): unknown {
    if (typeof value === 'string') return this.plainText(value);
    if (name === 'uptimeSeconds') return 86_400;
    if (name === 'clockAheadMs') return 0;
    if (Array.isArray(value)) return value.map((part) => this.plain(part));
    if (typeof value !== 'object' || value === null) return value;
    const parts = Object.entries(value).map(([key, part]) => [key, this.plain(part, key)]);
    return Object.fromEntries(parts) as unknown;
  }

  private plainText(text: string): string {
    if (TIME.test(text)) return this.plainTime(Date.parse(text));
    const link = /^(<.*cursor=)([\w-]+)(.*)$/.exec(text);
    if (link !== null) return this.plainText(link[1]!) + this.plainCursor(link[2]!) + link[3];
    return CURSOR.test(text) && !text.includes('-7')
      ? this.plainCursor(text)
      : text.replaceAll(UUID, (id) => this.plainId(id));
  }

  private plainCursor(cursor: string): string {
    const keys = Buffer.from(cursor, 'base64url').toString();
    if (!keys.startsWith('[')) return cursor;
    return Buffer.from(this.plainKeys(keys)).toString('base64url');
  }

  private plainKeys(keys: string): string {
    return keys
      .replaceAll(UUID, (id) => this.plainId(id))
      .replaceAll(TIME_WITHIN, (time) => this.plainTime(Date.parse(time)));
  }

  private plainId(id: string): string {
    const nth = this.ids.size + 1;
    const known = this.ids.get(id) ?? `01a1fd46-0000-7000-8000-${String(nth).padStart(12, '0')}`;
    this.ids.set(id, known);
    return known;
  }

  private plainTime(time: number): string {
    let plain = this.times.get(time);
    if (plain === undefined) {
      const since = time - this.startedAt;
      const later = Math.abs(since) < NEAR_MS ? 0 : Math.round(since / ROUGHLY_MS) * ROUGHLY_MS;
      plain = BEGINNING + this.examples.length * 1_000 + later;
      this.times.set(time, plain);
    }
    return new Date(plain).toISOString();
  }

  /** Times in a request are recorded as they are, because the service did not choose them. */
  private keepTimesOf(body: unknown): void {
    if (typeof body !== 'object' || body === null) return;
    for (const value of Object.values(body)) {
      const time = typeof value === 'string' && value.includes('T') ? Date.parse(value) : NaN;
      if (!Number.isNaN(time)) this.times.set(time, time);
    }
  }
}
