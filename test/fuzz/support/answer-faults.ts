import { SECURITY_HEADERS } from '../../../src/platform/http/security-headers.js';
import { HEADERS } from '../../kit/contract.js';
import { documentedErrors } from '../../kit/error-document.js';
import type { WireAnswer } from './answer-reader.js';
import type { FuzzRequest } from './draft.js';
import { CANARY } from './hostile-values.js';

interface Problem {
  readonly code: string;
  readonly status: number;
  readonly instance: string;
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
}

/** What no client may ever see. */
const INSIDE =
  /\bat \S+ \(|node_modules|\bER_[A-Z]|\bSELECT\b|\bINSERT\b|\bUPDATE\b|SQL|mysql|[Mm]aria|\w+Error\b|Error:|[Nn]est[Jj]s|[Ff]astify|\.[jt]s\b|\/src\/|\/dist\//;
/** Files that no path may serve. */
const FILES = /devDependencies|root:x:0|\[core\]\s+repository/;

const ALLOWED: ReadonlySet<string> = new Set(
  [
    ...HEADERS.map((name) => name.toLowerCase()),
    ...Object.keys(SECURITY_HEADERS),
    ['cache-control', 'connection', 'content-length', 'content-type', 'date', 'keep-alive'],
  ].flat(),
);

const STATUS_OF: ReadonlyMap<string, number> = new Map(
  documentedErrors().map(({ code, status }) => [code, status]),
);

/** What is wrong with an answer, regardless of its path. */
export function* answerFaults(request: FuzzRequest, answer: WireAnswer): Generator<string> {
  const { status, headers, text } = answer;
  if (status >= 500) yield `answered ${status}`;
  if (status >= 300 && status < 400) yield `answered ${status}`;
  if (FILES.test(text)) yield 'shows a file of the service';
  yield* headerFaults(headers);
  if (status < 400 || (request.method === 'HEAD' && text === '')) return;
  const problem = problemIn(answer);
  if (problem === undefined) yield `${status} is not a problem document: ${text.slice(0, 200)}`;
  else yield* problemFaults(request, status, problem);
}

function* headerFaults(headers: WireAnswer['headers']): Generator<string> {
  for (const [name, value] of headers) {
    if (!ALLOWED.has(name)) yield `an undocumented header: ${name}`;
    // A link repeats the request in escaped form.
    if (name !== 'link' && value.includes(CANARY)) yield `${name} repeats what the client sent`;
  }
}

function problemIn({ headers, text }: WireAnswer): Problem | undefined {
  const isProblem = headers.get('content-type')?.startsWith('application/problem+json') === true;
  if (!isProblem) return undefined;
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return undefined;
  }
}

function* problemFaults(request: FuzzRequest, status: number, problem: Problem): Generator<string> {
  const { code, instance, errors = [] } = problem;
  if (STATUS_OF.get(code) !== status) yield `${status} ${code} is not in docs/errors.md`;
  if (request.manner === 'waits') yield* instanceFaults(request, status, instance);
  // Paths and field names are repeated so that people see what is meant.
  const messages = errors.map(({ message }) => message);
  const told = JSON.stringify({ ...problem, instance: '', errors: messages });
  if (INSIDE.test(told)) yield `reveals internals: ${told}`;
  if (told.includes(CANARY)) yield `repeats what the client sent: ${told}`;
}

function* instanceFaults(
  { target, operation }: FuzzRequest,
  status: number,
  instance: string,
): Generator<string> {
  const isAsked = instance === target.split('?')[0];
  // Broken HTTP never reached a path; other requests did, unless their head was too long.
  const isNone = instance === '' && (operation === undefined || status === 431);
  if (!isAsked && !isNone) yield `the problem names the instance ${JSON.stringify(instance)}`;
}
