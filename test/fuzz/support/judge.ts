import { STATUS_CODES } from 'node:http';
import type { Contract } from '../../kit/contract.js';
import { answerFaults } from './answer-faults.js';
import type { WireAnswer } from './answer-reader.js';
import type { Outcome } from './client.js';
import type { FuzzRequest } from './draft.js';
import { exchangeOf } from './exchange.js';

/** Says what is wrong with what came of a request; nothing, if all is well. */
export class Judge {
  constructor(private readonly contract: Contract) {}

  *faultsIn(request: FuzzRequest, outcome: Outcome): Generator<string> {
    yield* connectionFaults(request, outcome);
    for (const answer of outcome.answers) {
      yield* answerFaults(request, answer);
      yield* this.contractFaults(request, answer);
    }
  }

  private *contractFaults(request: FuzzRequest, answer: WireAnswer): Generator<string> {
    const { operation, manner } = request;
    // Nobody promises that the service sees one request where a client sends something else.
    if (operation === undefined || manner !== 'waits' || isOfNoAddress(answer)) return;
    for (const { what } of this.contract.faultsIn(exchangeOf(request, operation, answer)))
      yield what;
  }
}

/** What is not even HTTP is refused before there are an address and a request id. */
const isOfNoAddress = ({ status, text }: WireAnswer): boolean =>
  status >= 400 && text.includes('"instance":""');

function* connectionFaults(
  { method, manner }: FuzzRequest,
  { answers, end, rest }: Outcome,
): Generator<string> {
  if (typeof end === 'object') return yield `what came is no HTTP: ${end.unreadable}`;
  if (end === 'too late') return yield 'no answer within 15 s';
  if (end === 'unreachable') return yield 'the service takes no connection';
  // A HEAD that could not be read as one is refused with a body.
  const isSure = method !== 'HEAD' || manner === 'waits';
  if (rest > 0 && isSure) yield `${rest} bytes that belong to no answer`;
  const isOne = answers.length === 1 || manner !== 'waits';
  if (!isOne) yield `${answers.length} answers to one request: ${end}`;
}

/** The request so that somebody can look at it, and send it again. */
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
