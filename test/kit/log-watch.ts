import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLogged, witnessedBy } from './api.js';
import { OwnWords } from './own-words.js';
import { folded, PrivateValues } from './private-values.js';

/** Larger bodies are refused unread. */
const BODY_BYTES_MAX = 64 * 1024;
const REQUEST_ID = /"requestId":"([^"]+)"/g;
const SHOWN_MAX = 10;
const SHOWN_AROUND = 80;

const REMEDY = `If the service logs one of these words whatever it is sent, use another value in the test,
or allow the word in its file: allowInLog('word') from test/kit/index.ts.`;

const WORD = /[\p{L}\p{M}\p{N}_]+/gu;
const AT_WORD = /^[\p{L}\p{M}\p{N}_]/u;
const JSON_ESCAPE = /\\(?:u([\da-f]{4})|(.))/gi;
const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/**
 * Checks that a service logs no private data. Every identifier, key and other value that a test has sent
 * is searched for in the log, as a whole word. The service's own words (own-words.ts) do not count.
 */
export class LogWatch {
  /** @param own the words that a service logs regardless of its requests */
  constructor(private readonly own = new OwnWords()) {}

  readonly values = new PrivateValues();
  /** Values of secret settings, which must not be logged even during the start. */
  readonly secrets = new PrivateValues();
  /** Everything that the services in this process have logged. */
  readonly lines: string[] = [];
  /** The output to which they log. */
  readonly output = { write: (line: string): void => void this.lines.push(line) };
  /** Ids of requests that must be in the log; if one is missing, the watch does not see the log. */
  private readonly answered: string[] = [];

  /** Must be called before the application is initialised. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, _reply, done) => {
      this.note(request);
      done();
    });
    fastify.addHook('preParsing', (request, _reply, payload, done) => {
      const length = Number(request.headers['content-length'] ?? 0);
      // Reading a body that the service does not read would change its behaviour.
      if (length > 0 && length <= BODY_BYTES_MAX) {
        const chunks: Buffer[] = [];
        payload.on('data', (chunk: Buffer) => chunks.push(chunk));
        payload.once('end', () => this.note(request, Buffer.concat(chunks).toString()));
      }
      done(null, payload);
    });
    fastify.addHook('onSend', (_request, _reply, payload, done) => {
      if (typeof payload === 'string') this.values.addAnswer(payload);
      done(null, payload);
    });
    fastify.addHook('onResponse', (request, _reply, done) => {
      if (isLogged(request.routeOptions.url ?? '')) this.answered.push(request.id);
      done();
    });
  }

  /** @throws {Error} if a service in this process logged a private value, or if its log is not seen */
  assertKept(): void {
    const log = this.lines.join('');
    this.assertKeptIn(log);
    assertSeen(log, this.answered);
  }

  /** @throws {Error} if this log has a private value, or if all values are too short to find */
  assertKeptIn(log: string): void {
    if (this.values.areAllTooShort) {
      throw new Error('Everything that was sent is too short to be searched for in the log');
    }
    blame([...leaksIn(log, this.secrets), ...leaksIn(log, this.values, this.own)]);
  }

  /** @throws {Error} if a service has logged a secret during its start */
  assertSecretsKeptIn(log: string): void {
    blame(leaksIn(log, this.secrets));
  }

  private note(request: FastifyRequest, body?: string): void {
    const { headers, url: path } = request;
    const parameters = request.params as Record<string, string>;
    this.values.addRequest({ path, parameters, headers, body });
    // Undefined, whatever its type says, if the client has hung up already.
    if (request.ip) this.values.add('address of a client', request.ip);
  }
}

/** @throws {Error} if the log has no line about one of these requests */
export function assertSeen(log: string, requestIds: readonly string[]): void {
  const seen = new Set([...log.matchAll(REQUEST_ID)].map(([, id]) => id));
  const unseen = requestIds.find((id) => !seen.has(id));
  if (unseen === undefined) return;
  throw new Error(`The log is not seen: it has no line about request ${unseen}`);
}

function blame(leaks: readonly string[]): void {
  if (leaks.length === 0) return;
  const shown = leaks.slice(0, SHOWN_MAX).join('\n');
  throw new Error(`The log contains private values, ${leaks.length} in all:\n${shown}\n${REMEDY}`);
}

/** Each value that the log contains, with its kind and the text around it. */
function leaksIn(log: string, values: PrivateValues, own?: OwnWords): string[] {
  const text = folded(unescaped(log));
  const words = new Set(text.match(WORD));
  // Most values contain a word that is nowhere in the log, and need no search.
  const isThinkable = (form: string): boolean =>
    (form.match(WORD) ?? []).every((word) => words.has(word));
  return [...values].flatMap(([value, kind]) => {
    const found = formsOf(value)
      .filter(isThinkable)
      .map((form) => {
        const places = [...placesOf(form, text)];
        return places.find((at) => own?.include(text, at, form.length) !== true);
      })
      .find((place) => place !== undefined);
    if (found === undefined) return [];
    const around = text.slice(Math.max(0, found - SHOWN_AROUND), found + SHOWN_AROUND);
    return [`${kind} ${JSON.stringify(value)}: …${around}…`];
  });
}

/** Removes the escapes of JSON strings. */
const unescaped = (log: string): string =>
  log.replaceAll(JSON_ESCAPE, (_, hex: string | undefined, letter: string | undefined) =>
    letter === undefined ? String.fromCharCode(parseInt(hex!, 16)) : (ESCAPED[letter] ?? letter),
  );

/** The value as it is, escaped for JSON within JSON, and encoded for a URL. */
function formsOf(value: string): string[] {
  const quoted = JSON.stringify(value).slice(1, -1);
  return [...new Set([value, quoted, folded(encodeURIComponent(value.toWellFormed()))])];
}

/** The positions of a text, except as a part of longer words. */
function* placesOf(value: string, text: string): Generator<number> {
  const startsAtWord = AT_WORD.test(value);
  const endsAtWord = AT_WORD.test(Array.from(value).at(-1)!);
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1)) {
    const goesOnBefore = startsAtWord && AT_WORD.test(text.slice(at - 1, at));
    const goesOnAfter =
      endsAtWord && AT_WORD.test(text.slice(at + value.length, at + value.length + 2));
    if (!goesOnBefore && !goesOnAfter) yield at;
  }
}

/** One per test file: Jest loads this module anew for each. */
export const logWatch = new LogWatch();
witnessedBy(logWatch.values);

/** Words that the service logs whatever it is sent, so the watch ignores them. */
export const allowInLog = (...words: readonly string[]): void => logWatch.values.allow(words);
