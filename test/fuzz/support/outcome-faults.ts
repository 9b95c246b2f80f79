import { STATUS_CODES } from 'node:http';
import type { Contract } from '../../kit/contract.js';
import { answerFaults } from './answer-faults.js';
import type { WireAnswer } from './answer-reader.js';
import type { Outcome } from './client.js';
import type { FuzzRequest } from './draft.js';
import { exchangeOf } from './exchange.js';

/** The statuses of src/platform/http/broken-http.ts. */
const BROKEN_HTTP: readonly number[] = [400, 408, 431];

/** Yields what is wrong with the result of a request; nothing if all is well. */
export class OutcomeChecks {
  constructor(private readonly contract: Contract) {}

  *faultsIn(request: FuzzRequest, outcome: Outcome): Generator<string> {
    yield* connectionFaults(request, outcome);
    for (const answer of outcome.answers) {
      yield* answerFaults(request, answer);
      yield* surprises(request, answer);
      yield* this.contractFaults(request, answer);
    }
  }

  private *contractFaults(request: FuzzRequest, answer: WireAnswer): Generator<string> {
    const { operation, manner } = request;
    // If a client sends anything else, the service need not see a single request.
    if (operation === undefined || manner !== 'waits' || isOfNoAddress(answer)) return;
    for (const { what } of this.contract.faultsIn(exchangeOf(request, operation, answer)))
      yield what;
  }
}

function* surprises({ expected, harm }: FuzzRequest, { status }: WireAnswer): Generator<string> {
  // Rate limits come before everything else.
  if (expected === undefined || status === 429) return;
  if ('only' in expected ? status === expected.only : status !== expected.never) return;
  yield `answered ${status} to: ${harm.join(', ')}`;
}

/** Broken HTTP is refused before there are a path and a request id. */
const isOfNoAddress = ({ status, text }: WireAnswer): boolean =>
  status >= 400 && text.includes('"instance":""');

function* connectionFaults(
  { method, manner }: FuzzRequest,
  { answers, end, rest }: Outcome,
): Generator<string> {
  if (typeof end === 'object') return yield `the answer is not HTTP: ${end.unreadable}`;
  if (end === 'too late') return yield 'no answer within 15 s';
  if (end === 'unreachable') return yield 'the service accepts no connection';
  const isExpected = method === 'HEAD' && (manner !== 'waits' || isBodyOfRefusal(answers, rest));
  if (rest > 0 && !isExpected) yield `${rest} bytes that belong to no answer`;
  const isOne = answers.length === 1 || manner !== 'waits';
  if (!isOne) yield `${answers.length} answers to one request: ${end}`;
}

/** A HEAD request that cannot be read as one is refused with a body. */
function isBodyOfRefusal(answers: readonly WireAnswer[], rest: number): boolean {
  const refusal = answers.at(-1);
  if (refusal === undefined || !BROKEN_HTTP.includes(refusal.status)) return false;
  // Node dates every other response.
  const isUndated = !refusal.headers.has('date');
  return isUndated && rest === Number(refusal.headers.get('content-length'));
}

/** The request in a form that can be read and sent again. */
export function shown(request: FuzzRequest, outcome: Outcome, seed: number): string {
  const { nth, operation, manner, harm, bytes } = request;
  const answers = outcome.answers.map(({ status, text }) => {
    return `${status} ${STATUS_CODES[status]} ${text.slice(0, 1_000)}`;
  });
  return [
    `FUZZ_SEED=${seed} FUZZ_ONLY=${nth} (${operation?.name ?? 'no operation'}; ${harm.join(', ') || 'as documented'}; the client ${manner})`,
    JSON.stringify(bytes.toString('latin1')),
    ...(answers.length === 0 ? ['no answer'] : answers),
  ].join('\n');
}
