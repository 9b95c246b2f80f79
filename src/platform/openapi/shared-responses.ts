import { groupBy } from '../common/index.js';
import type { JsonSchema } from '../schema/index.js';
import { reference } from './components.js';
import { pascal } from './problem-schemas.js';

/** A name of more codes than this is longer than what sharing saves. */
const CODES_MAX = 4;

type Responses = Record<string, JsonSchema>;

/** Moves refusals that several operations have in common to the components, which it returns. */
export function shareResponses(operations: readonly JsonSchema[]): Responses {
  const places = operations.flatMap(({ responses }) =>
    Object.entries(responses as Responses).map(([status, response]) => {
      return {
        responses: responses as Responses,
        status,
        response,
        text: JSON.stringify(response),
      };
    }),
  );
  const shared: Responses = {};
  for (const [text, alike] of groupBy(places, (place) => place.text)) {
    const name = nameOf(alike[0]!.response);
    // A name that is taken: the same codes with other headers. Those stay in place.
    if (name === undefined || alike.length < 2 || name in shared) continue;
    shared[name] = JSON.parse(text) as JsonSchema;
    for (const { responses, status } of alike) responses[status] = reference('responses', name);
  }
  return shared;
}

/** The codes that the description lists; undefined for successes. */
function nameOf({ description }: JsonSchema): string | undefined {
  const codes = [...String(description).matchAll(/^`(\w+)`: /gm)].map(([, code]) => pascal(code!));
  return codes.length === 0 || codes.length > CODES_MAX ? undefined : codes.join('Or');
}
