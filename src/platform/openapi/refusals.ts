import type { Route } from './routes.js';

const CHANGING: ReadonlySet<string> = new Set(['post', 'patch', 'delete']);

export const isChange = ({ method }: Pick<Route, 'method'>): boolean => CHANGING.has(method);

/** What an address answers whatever its handler does, by what it asks for. */
const COMMON: readonly (readonly [when: (route: Route) => boolean, codes: readonly string[]])[] = [
  [() => true, ['malformed_request', 'request_timeout', 'headers_too_large', 'internal_error']],
  [({ parameters }) => parameters.length > 0, ['uri_too_long']],
  [({ body, query }) => body !== undefined || query !== undefined, ['invalid_request']],
  [isChange, ['payload_too_large', 'unsupported_media_type']],
  [isChange, ['idempotency_key_invalid', 'idempotency_key_reused']],
  [isChange, ['lock_timeout', 'outcome_unknown']],
  [({ access }) => access !== 'public', ['key_required', 'key_invalid']],
  [({ access }) => access !== 'public' && access !== 'key', ['scope_missing']],
  [({ isOperational }) => !isOperational, ['rate_limited', 'overloaded', 'database_unavailable']],
];

/** Codes of all refusals of an address, its own first. */
export const codesOf = (route: Route): readonly string[] => [
  ...new Set([
    ...route.refusals,
    ...COMMON.flatMap(([isMeant, codes]) => (isMeant(route) ? codes : [])),
  ]),
];
