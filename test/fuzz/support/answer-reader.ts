/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

interface Head {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** Where the body begins and ends. */
  readonly start: number;
  readonly end: number;
}

const HEAD_END = '\r\n\r\n';
const STATUS_LINE = /^HTTP\/1\.1 (\d{3}) [\w' -]*$/;
const HEADER_LINE = /^([a-zA-Z-]+): ([\x20-\x7e]*)$/;

/** Parses the bytes of one connection, and trusts none of them. */
export class AnswerReader {
  private chunks: Buffer[] = [];
  private length = 0;
  private head: Head | undefined;

  /** @param isHead whether the answers have no body, whatever their headers say */
  constructor(private readonly isHead: boolean) {}

  /** The number of bytes that belong to no complete answer. */
  get rest(): number {
    return this.length;
  }

  /**
   * @returns the answers that are now complete
   * @throws {Error} if the bytes are not HTTP
   */
  read(chunk: Buffer): WireAnswer[] {
    this.chunks.push(chunk);
    this.length += chunk.length;
    const answers: WireAnswer[] = [];
    for (;;) {
      const answer = this.next();
      if (answer === undefined) return answers;
      if (answer.status >= 200) answers.push(answer);
    }
  }

  private next(): WireAnswer | undefined {
    if (this.length === 0) return undefined;
    this.head ??= headOf(this.joined(), this.isHead);
    if (this.head === undefined || this.length < this.head.end) return undefined;
    const all = this.joined();
    const { status, headers, start, end } = this.head;
    const text = all.toString('utf8', start, end);
    this.chunks = [all.subarray(end)];
    this.length = all.length - end;
    this.head = undefined;
    return { status, headers, text };
  }

  private joined(): Buffer {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0]!;
  }
}

function headOf(bytes: Buffer, isHead: boolean): Head | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(STATUS_LINE.exec(first)?.[1]);
  if (Number.isNaN(status)) throw new Error(`not an HTTP/1.1 answer: ${JSON.stringify(first)}`);
  const headers = new Map(lines.map(headerOf));
  if (headers.size !== lines.length) throw new Error(`a repeated header: ${JSON.stringify(lines)}`);
  const hasBody = !isHead && status >= 200 && status !== 204 && status !== 304;
  const start = end + HEAD_END.length;
  return { status, headers, start, end: start + (hasBody ? lengthOf(headers) : 0) };
}

function headerOf(line: string): [name: string, value: string] {
  const [, name, value] = HEADER_LINE.exec(line) ?? [];
  if (name === undefined) throw new Error(`not a header: ${JSON.stringify(line)}`);
  return [name.toLowerCase(), value!];
}

/** Every body must have a Content-Length. */
function lengthOf(headers: ReadonlyMap<string, string>): number {
  const length = headers.get('content-length');
  if (length === undefined) throw new Error(`no Content-Length: ${JSON.stringify([...headers])}`);
  return Number(length);
}
