import type { RandomChoices } from './random-choices.js';
import type { FuzzRequest, Header, Manner } from './draft.js';
import { CANARY } from './hostile-values.js';

/** What is sent instead of a request, and how the client behaves then. */
interface Broken {
  readonly bytes: Buffer;
  readonly manner: Manner;
}

export type Request = Pick<FuzzRequest, 'method' | 'target' | 'headers' | 'body'>;

/** The bytes of a request, as any client would write it. */
export function bytesOf({ method, target, headers, body }: Request, version = 'HTTP/1.1'): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `${method} ${target} ${version}\r\n${lines}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body ?? Buffer.alloc(0)]);
}

const EMPTY = Buffer.alloc(0);

const without = ({ headers }: Request, ...names: readonly string[]): Header[] =>
  headers.filter(([name]) => !names.includes(name));

/** The same request with other headers about its length. */
function framed(request: Request, ...headers: readonly Header[]): Request {
  const rest = without(request, 'Content-Length', 'Transfer-Encoding');
  return { ...request, body: request.body ?? Buffer.from('{}'), headers: [...rest, ...headers] };
}

const listening = (request: Request, version?: string): Broken => ({
  bytes: bytesOf(request, version),
  manner: 'listens',
});

/** A client that announces a wrong length of its body. */
const LENGTHS = (length: number): readonly string[] =>
  [
    ['-1', '0', '1', '+2', '0x10', '1e3', '1.0', '', ' ', 'abc', '99999999999999999999', '65537'],
    [`${length}, ${length}`, `${length},`, `${length} ${length}`, `0${length}`, String(length - 1)],
    [`${length};`, `\t${length}`],
  ].flat();

const CODINGS: readonly string[] = [
  ['chunked', 'Chunked', ' chunked', 'chunked, chunked', 'gzip, chunked', 'chunked, gzip'],
  ['xchunked', 'identity', '', 'chunked\0', '\tchunked', '"chunked"'],
].flat();

const CHUNKS: readonly string[] = [
  '0\r\n\r\n',
  '2\r\n{}\r\n0\r\n\r\n',
  '2;name=value\r\n{}\r\n0\r\n\r\n',
  '2\r\n{}\r\n0\r\nX-Trailer: a\r\n\r\n',
  '2\r\n{}\r\n0\r\n__proto__: a\r\n\r\n',
  '-2\r\n{}\r\n0\r\n\r\n',
  '0x2\r\n{}\r\n0\r\n\r\n',
  'ffffffffffffffffff\r\n{}',
  'ffffffff\r\n{}',
  '2\n{}\n0\n\n',
  '2\r\n{}0\r\n\r\n',
  'g\r\n',
  `2;${CANARY.repeat(2_000)}\r\n{}\r\n0\r\n\r\n`,
  `${'1\r\n \r\n'.repeat(5_000)}0\r\n\r\n`,
];

const VERSIONS: readonly string[] = [
  ['HTTP/1.0', 'HTTP/0.9', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/9.9', 'HTTP/1', 'http/1.1', 'HTTP/-1.1'],
  ['HTTPS/1.1', 'RTSP/1.0', '', 'HTTP/1.1 x', 'HTTP/11.1'],
].flat();

const METHODS: readonly string[] = [
  ['get', 'GETT', 'G ET', '', 'FOO', CANARY, '\0', '{', 'CONNECT', 'PRI', 'É', '\x1b[31m', ' GET'],
].flat();

/** Lines that a header section must not contain, or not twice. */
const LINES: readonly string[] = [
  'no colon',
  ': no name',
  `X-${CANARY} : space before the colon`,
  `X-A: a\r\n folded`,
  `X-A: a\n bare line feed`,
  `X-A: a\nX-B: b`,
  `X-A: a\rb`,
  `X-A: \0`,
  `X-\0: a`,
  `\tX-A: a`,
  `X-é: a`,
  'Host: a\r\nHost: b',
  '__proto__: a',
  'constructor: a\r\nprototype: b',
  `X-Long: ${'x'.repeat(20_000)}`,
  Array.from({ length: 1_500 }, (_, nth) => `X-${nth}: ${nth}`).join('\r\n'),
  Array.from({ length: 300 }, () => 'Idempotency-Key: k').join('\r\n'),
  'Authorization: Bearer a\r\nAuthorization: Bearer b',
];

const NO_HTTP: readonly Buffer[] = [
  Buffer.from('\r\n\r\n\r\n'),
  Buffer.from('\0'.repeat(100)),
  Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]),
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from(`SSH-2.0-${CANARY}\r\n`),
  Buffer.from('GET\r\n\r\n'),
  Buffer.from('GET /health\r\n\r\n'),
  Buffer.from(`${CANARY.repeat(3_000)}\r\n\r\n`),
  Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'),
  Buffer.from('GET /health HTTP/1.1\n\n'),
  Buffer.from([0x0a, 0x4a, 0x00, 0x00, 0x01, 0x85, 0xa6, 0x03]),
];

const SMUGGLED = `GET /${CANARY} HTTP/1.1\r\nHost: a\r\n\r\n`;

type Breakage = (random: RandomChoices, request: Request) => Broken;

/** Requests that no well-behaved HTTP library could send. */
const BREAKAGES: Readonly<Record<string, Breakage>> = {
  'a wrong length': (random, request) => {
    const length = request.body?.length ?? 2;
    const spoiled = framed(request, ['Content-Length', random.pick(LENGTHS(length))]);
    return { bytes: bytesOf(spoiled), manner: 'ends' };
  },
  'a length that never comes': (_, request) => {
    const spoiled = framed(request, ['Content-Length', String((request.body?.length ?? 2) + 10)]);
    return { bytes: bytesOf(spoiled), manner: 'ends' };
  },
  'two lengths': (random, request) => {
    const length = String(request.body?.length ?? 2);
    const other = random.pick([length, '0', '1', '-1']);
    return { ...listening(framed(request, ['Content-Length', length], ['Content-Length', other])) };
  },
  'a length and chunks': (random, request) => {
    const headers: Header[] = [
      ['Content-Length', random.pick(['2', '0', '5', '100'])],
      ['Transfer-Encoding', random.pick(CODINGS)],
    ];
    const body = Buffer.from(`0\r\n\r\n${SMUGGLED}`);
    const spoiled = {
      ...framed(request, ...(random.percent(50) ? headers : headers.toReversed())),
      body,
    };
    return { bytes: bytesOf(spoiled), manner: 'ends' };
  },
  'odd chunks': (random, request) => {
    const body = Buffer.from(random.pick(CHUNKS));
    const spoiled = { ...framed(request, ['Transfer-Encoding', random.pick(CODINGS)]), body };
    return { bytes: bytesOf(spoiled), manner: 'ends' };
  },
  'another version': (random, request) => listening(request, random.pick(VERSIONS)),
  'an unknown method': (random, request) => listening({ ...request, method: random.pick(METHODS) }),
  'an odd line': (random, request) => {
    const text = bytesOf(request).toString('latin1');
    const [first = '', ...rest] = text.split('\r\n');
    return { bytes: latin1([first, random.pick(LINES), ...rest].join('\r\n')), manner: 'ends' };
  },
  'no host': (_, request) => listening({ ...request, headers: without(request, 'Host') }),
  'any byte in the address': (random, request) => {
    const byte = String.fromCharCode(random.below(256));
    return listening({ ...request, target: `${request.target}${byte}${CANARY}` });
  },
  'any byte in the head': (random, request) => {
    const all = bytesOf({ ...request, body: EMPTY });
    const at = random.below(all.length);
    all[at] = random.below(256);
    return { bytes: Buffer.concat([all, request.body ?? EMPTY]), manner: 'ends' };
  },
  'two at once': (_, request) => ({
    bytes: Buffer.concat([bytesOf(request), bytesOf(request), Buffer.from(SMUGGLED)]),
    manner: 'listens',
  }),
  'no HTTP': (random) => ({ bytes: random.pick(NO_HTTP), manner: 'ends' }),
  'cut short': (random, request) => {
    const all = bytesOf(request);
    return { bytes: all.subarray(0, random.below(all.length)), manner: 'ends' };
  },
  'left alone': (random, request) => {
    const all = bytesOf(request);
    const length = random.percent(50) ? all.length : random.below(all.length);
    return { bytes: all.subarray(0, length), manner: 'hangs up' };
  },
};

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

export function broken(
  random: RandomChoices,
  request: Request,
): Broken & { readonly harm: string } {
  const harm = random.pick(Object.keys(BREAKAGES));
  return { ...BREAKAGES[harm]!(random, request), harm };
}
