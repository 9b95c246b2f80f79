import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** A request as it was sent, whatever became of it. */
export interface SentRequest {
  /** With its query. */
  readonly path: string;
  /** Values of the parameters in its route. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly headers: IncomingHttpHeaders | OutgoingHttpHeaders;
  readonly body?: string | undefined;
}

/** Fields and headers that are always private. */
const ALWAYS_PRIVATE: ReadonlySet<string> = new Set(['identifier', 'idempotency-key']);

/** Shorter values occur in any text by chance; other fields more often hold common words. */
const PRIVATE_LENGTH_MIN = 2;
const LENGTH_MIN = 4;

/** The first is meant to be logged; the other belongs to HTTP, and is a common word. */
const LOGGED_HEADERS: ReadonlySet<string> = new Set(['x-request-id', 'connection']);

/** Ids of events are logged, and numbers are everywhere. */
const COMMON = /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|-?\d+(?:\.\d+)?)$/i;

/** A JSON string, perhaps cut off; with a colon after it, the name of a field. */
const JSON_STRING = /"((?:[^"\\]|\\.)*)(?:"|$)(\s*:)?/g;
const QUERY_PART = /[?&]([\w-]+)=([^&\s"'#]+)/g;
const HEADER = /-H '([\w-]+): ([^']+)'/g;
const DATA = /-d (?:'([^']*)'|"((?:[^"\\]|\\.)*)")/g;
const USER_ID = /"userId":"([^"]+)"/g;
const OWN_KEY = /^rlk_([A-Za-z0-9-]+)_([A-Za-z0-9-]+)$/;
const SECRET_SETTING = /(?:_KEY|_TOKEN|_PASSWORD|_HEADERS)$/;

/** One form for all spellings; the service itself stores identifiers so. */
export const folded = (text: string): string => text.toLowerCase().normalize('NFC');

/**
 * Values that a test has sent and that only the database may keep: identifiers, keys, idempotency keys, and
 * everything else in bodies, queries and headers of requests, well-formed or not.
 */
export class PrivateValues {
  /** The kind of each value that can be looked for. */
  private readonly kinds = new Map<string, string>();
  private readonly tooShort = new Set<string>();
  private readonly allowed = new Set<string>();

  get size(): number {
    return this.kinds.size;
  }

  /** Whether there are values, but none that can be looked for. */
  get areAllTooShort(): boolean {
    return this.tooShort.size > 0 && this.kinds.size === 0;
  }

  [Symbol.iterator](): IterableIterator<[value: string, kind: string]> {
    return this.kinds.entries();
  }

  /** Words that are not looked for, regardless of who sends them. */
  allow(words: readonly string[]): void {
    for (const word of words) {
      this.allowed.add(folded(word));
      this.kinds.delete(folded(word));
    }
  }

  add(kind: string, value: string): void {
    const text = folded(value.trim());
    if (this.allowed.has(text)) return;
    const lengthMin = ALWAYS_PRIVATE.has(kind) ? PRIVATE_LENGTH_MIN : LENGTH_MIN;
    if (Array.from(text).length < lengthMin) this.tooShort.add(text);
    else if (!this.kinds.has(text)) this.kinds.set(text, kind);
  }

  addKey(key: string): void {
    this.add('a key', key);
    // The log names keys by their ids, which are not secret.
    const [, , secret] = OWN_KEY.exec(key) ?? [];
    if (secret !== undefined) this.add('secret of a key', secret);
  }

  addRequest({ path, parameters, headers, body }: SentRequest): void {
    this.addQuery(path);
    for (const [name, value] of Object.entries(parameters ?? {})) {
      // An unknown path looks much like a known one.
      if (name !== '*') this.addField(name, value);
    }
    for (const [name, value] of Object.entries(headers)) this.addHeader(name, String(value));
    if (body !== undefined) this.addBody(body);
  }

  /** Adds ids of users: they identify people, though only with the database. */
  addAnswer(body: string): void {
    for (const [, id] of body.matchAll(USER_ID)) this.add('userId', id!);
  }

  /** Adds requests that are written as curl commands. */
  addCommands(commands: string): void {
    this.addQuery(commands);
    for (const [, name, value] of commands.matchAll(HEADER)) this.addHeader(name!, value!);
    for (const [, plain, escaped] of commands.matchAll(DATA)) {
      this.addBody(plain ?? escaped!.replaceAll('\\', ''));
    }
  }

  /** @param environment of a service: passwords in URLs, and settings that are secret by name */
  addSecrets(environment: NodeJS.ProcessEnv): void {
    for (const [name, value = ''] of Object.entries(environment)) {
      if (SECRET_SETTING.test(name)) this.add(name, value);
      if (!URL.canParse(value)) continue;
      const { password } = new URL(value);
      if (password === '') continue;
      this.add(`password of ${name}`, password);
      this.add(`password of ${name}`, decoded(password));
    }
  }

  private addQuery(path: string): void {
    for (const [, name, value] of path.matchAll(QUERY_PART)) this.addField(name!, decoded(value!));
  }

  private addHeader(name: string, value: string): void {
    const header = name.toLowerCase();
    if (LOGGED_HEADERS.has(header)) return;
    this.addField(header, value);
    const [scheme, credentials] = value.split(/ +/);
    if (/^bearer$/i.test(scheme!) && credentials !== undefined) this.addKey(credentials);
  }

  /** Adds the fields of a body or, if it is not JSON, what looks like its strings. */
  private addBody(text: string): void {
    try {
      this.addFields('a body', JSON.parse(text));
    } catch {
      let name = 'a body';
      for (const [, part, colon] of text.matchAll(JSON_STRING)) {
        if (colon === undefined) this.addField(name, part!);
        else name = part!;
      }
    }
  }

  private addFields(name: string, value: unknown): void {
    if (typeof value === 'string' || typeof value === 'number') {
      this.addField(name, String(value));
    } else if (typeof value === 'object' && value !== null) {
      const isList = Array.isArray(value);
      for (const [key, part] of Object.entries(value)) this.addFields(isList ? name : key, part);
    }
  }

  private addField(name: string, value: string): void {
    if (value.trim() === '') return;
    if (ALWAYS_PRIVATE.has(name) || !COMMON.test(value)) this.add(name, value);
  }
}

/** Returns the text itself if it is not percent-encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
