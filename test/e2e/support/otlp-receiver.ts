import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Span {
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Ids of the spans it links to. */
  readonly links: readonly string[];
}

/** A minimal trace collector: OTLP over HTTP, in protobuf. */
export class OtlpReceiver {
  readonly spans: Span[] = [];
  /** Everything that was received, as text; strings of spans appear in it unchanged. */
  text = '';

  private constructor(private readonly server: Server) {}

  static async start(): Promise<OtlpReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (request.url === '/v1/traces') receiver.take(Buffer.concat(chunks));
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
      });
    });
    const receiver = new OtlpReceiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private take(body: Buffer): void {
    this.text += body.toString('latin1');
    for (const resource of all(body, 1)) {
      for (const scope of all(resource, 2)) this.spans.push(...all(scope, 2).map(spanIn));
    }
  }
}

/** Field numbers are from opentelemetry/proto/trace/v1/trace.proto. */
function spanIn(bytes: Buffer): Span {
  const pairs = all(bytes, 9).map((pair) => [textOf(pair, 1), valueIn(all(pair, 2)[0]!)] as const);
  return {
    traceId: hexOf(bytes, 1),
    id: hexOf(bytes, 2),
    parentId: hexOf(bytes, 4),
    name: textOf(bytes, 5),
    attributes: Object.fromEntries(pairs),
    links: all(bytes, 13).map((link) => hexOf(link, 2)),
  };
}

const hexOf = (message: Buffer, field: number): string =>
  all(message, field)[0]?.toString('hex') ?? '';
const textOf = (message: Buffer, field: number): string => all(message, field)[0]?.toString() ?? '';

function valueIn(value: Buffer): string | number {
  const number = fieldsOf(value).find(({ field }) => field === 3);
  return number === undefined ? textOf(value, 1) : number.number;
}

/** The length-delimited fields of a message: strings, bytes and messages. */
const all = (message: Buffer, field: number): Buffer[] =>
  fieldsOf(message).flatMap((one) => (one.field === field && one.bytes ? [one.bytes] : []));

interface Field {
  readonly field: number;
  readonly number: number;
  readonly bytes: Buffer | undefined;
}

/** Protobuf's wire format: a key, then a number, or a length and as many bytes. */
function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const key = varint();
    const [field, wire] = [key >>> 3, key & 7];
    if (wire === 0) fields.push({ field, number: varint(), bytes: undefined });
    else if (wire === 2) fields.push({ field, number: 0, bytes: take(varint()) });
    else fields.push({ field, number: 0, bytes: take(wire === 1 ? 8 : 4) });
  }
  return fields;
}
