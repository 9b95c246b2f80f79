import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** A request as somebody sent it, whatever became of it. */
export interface SentRequest {
  /** With its query. */
  readonly path: string;
  /** What stands in the path where its route has names. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly headers: IncomingHttpHeaders | OutgoingHttpHeaders;
  readonly body?: string | undefined;
}

/** Fields and headers that are somebody's own, whatever they look like. */
const ALWAYS_PRIVATE: ReadonlySet<string> = new Set(['identifier', 'idempotency-key']);

/** Shorter ones stand in any text by chance, and the others are more often a common word. */
const PRIVATE_LENGTH_MIN = 2;
const LENGTH_MIN = 4;

/** The first is logged so that it is found; the other is HTTP's own, and a common word. */
const LOGGED_HEADERS: ReadonlySet<string> = new Set(['x-request-id', 'connection']);

/** Ids of events are logged, and numbers are everywhere. */
const COMMON = /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|-?\d+(?:\.\d+)?)$/i;

/** A string of JSON, perhaps cut off; with a colon after it the name of a field. */
const JSON_STRING = /"((?:[^"\\]|\\.)*)(?:"|$)(\s*:)?/g;
const QUERY_PART = /[?&]([\w-]+)=([^&\s"'#]+)/g;
const HEADER = /-H '([\w-]+): ([^']+)'/g;
const DATA = /-d (?:'([^']*)'|"((?:[^"\\]|\\.)*)")/g;
const USER_ID = /"userId":"([^"]+)"/g;
const OWN_KEY = /^rlk_([A-Za-z0-9-]+)_([A-Za-z0-9-]+)$/;
const SECRET_SETTING = /(?:_KEY|_TOKEN|_PASSWORD|_HEADERS)$/;

/** In one form, whoever has written it; the service itself stores identifiers so. */
export const folded = (text: string): string => text.toLowerCase().normalize('NFC');

/**
 * What a test has given the service and nobody but the database may keep: identifiers, keys, idempotency
 * keys, and whatever else stood in bodies, queries and headers of requests, well-formed or not.
 */
export class PrivateValues {
  /** What each of those is that can be looked for. */
  private readonly kinds = new Map<string, string>();
  private readonly tooShort = new Set<string>();
  private readonly allowed = new Set<string>();

  get size(): number {
    return this.kinds.size;
  }

  /** Whether there were some, and none of them can be looked for. */
  get areAllTooShort(): boolean {
    return this.tooShort.size > 0 && this.kinds.size === 0;
  }

  [Symbol.iterator](): IterableIterator<[value: string, kind: string]> {
    return this.kinds.entries();
  }

  /** Words that are not looked for, whoever sends them. */
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
    const [, id, secret] = OWN_KEY.exec(key) ?? [];
    if (id !== undefined) this.add('id of a key', id);
    if (secret !== undefined) this.add('secret of a key', secret);
  }

  addRequest({ path, parameters, headers, body }: SentRequest): void {
    this.addQuery(path);
    for (const [name, value] of Object.entries(parameters ?? {})) {
      // An address that there is not looks much like one that there is.
      if (name !== '*') this.addField(name, value);
    }
    for (const [name, value] of Object.entries(headers)) this.addHeader(name, String(value));
    if (body !== undefined) this.addBody(body);
  }

  /** What may tell who somebody is, though only to who has the database. */
  addAnswer(body: string): void {
    for (const [, id] of body.matchAll(USER_ID)) this.add('userId', id!);
  }

  /** Requests as people write them for curl. */
  addCommands(commands: string): void {
    this.addQuery(commands);
    for (const [, name, value] of commands.matchAll(HEADER)) this.addHeader(name!, value!);
    for (const [, plain, escaped] of commands.matchAll(DATA)) {
      this.addBody(plain ?? escaped!.replaceAll('\\', ''));
    }
  }

  /** @param environment of a service: passwords in addresses, and what is named as a secret */
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

  /** Also of one that is no JSON: what looks like its strings. */
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

/** As it is, if it is no percent-encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
