import type { ProblemCode } from '../errors/index.js';
import type { Route } from './routes.js';

const CHANGING: ReadonlySet<string> = new Set(['post', 'patch', 'delete']);

export const isChange = ({ method }: Pick<Route, 'method'>): boolean => CHANGING.has(method);

/** Codes that an endpoint can return whatever its handler does. */
const COMMON: readonly (readonly [
  applies: (route: Route) => boolean,
  codes: readonly ProblemCode[],
])[] = [
  [() => true, ['malformed_request', 'request_timeout', 'headers_too_large', 'internal_error']],
  [({ parameters }) => parameters.length > 0, ['uri_too_long']],
  [({ body, query }) => body !== undefined || query !== undefined, ['invalid_request']],
  [isChange, ['payload_too_large', 'unsupported_media_type']],
  [isChange, ['idempotency_key_invalid', 'idempotency_key_reused']],
  [isChange, ['lock_timeout', 'outcome_unknown']],
  [({ access }) => access !== 'public', ['key_required', 'key_invalid']],
  [({ access }) => access !== 'public' && access !== 'key', ['scope_missing']],
  [isChange, ['cross_origin_request']],
  [
    ({ isOperational }) => !isOperational,
    ['host_not_allowed', 'rate_limited', 'overloaded', 'read_timeout', 'database_unavailable'],
  ],
];

/** All codes that an endpoint can return, its own first. */
export const codesOf = (route: Route): readonly ProblemCode[] => [
  ...new Set([
    ...route.refusals,
    ...COMMON.flatMap(([applies, codes]) => (applies(route) ? codes : [])),
  ]),
];
