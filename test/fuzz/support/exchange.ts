import { parse } from 'node:querystring';
import type { Exchange } from '../../kit/contract.js';
import type { WireAnswer } from './answer-reader.js';
import type { FuzzRequest, Header } from './draft.js';
import type { Operation } from './operations.js';

/** A request and its answer, in the form that the contract checks. */
export function exchangeOf(
  request: FuzzRequest,
  operation: Operation,
  { status, headers, text }: WireAnswer,
): Exchange {
  const { method, target, body } = request;
  const [path = '', query = ''] = target.split('?', 2);
  return {
    method,
    path: operation.path,
    request: {
      params: paramsOf(operation.path, path),
      query: parse(query),
      headers: Object.fromEntries(request.headers.map(read)),
      body: status < 300 && operation.body !== undefined ? bodyIn(body) : undefined,
    },
    status,
    header: (name) => headers.get(name.toLowerCase()),
    body: jsonOf(text),
  };
}

/** As in HTTP: the case of names, and space around values, do not matter. */
const read = ([name, value]: Header): Header => [name.toLowerCase(), value.trim()];

function paramsOf(template: string, path: string): Record<string, string> {
  const given = path.split('/');
  const pairs = template.split('/').flatMap((part, nth): [string, string][] => {
    const [, name] = /^\{(\w+)\}$/.exec(part) ?? [];
    return name === undefined ? [] : [[name, given[nth] ?? '']];
  });
  return Object.fromEntries(pairs);
}

/** The service ignores a byte order mark. */
const bodyIn = (body: Buffer | undefined): unknown =>
  jsonOf((body?.toString() ?? '').replace(/^\ufeff/, ''));

const jsonOf = (text: string): unknown => (text === '' ? undefined : (JSON.parse(text) as unknown));
