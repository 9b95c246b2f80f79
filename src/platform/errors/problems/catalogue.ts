import { BOOKINGS, HOLDS, WAITLIST } from './allocations.js';
import { EVENTS } from './events.js';
import { PLACES } from './places.js';
import type { ProblemFacts } from './problem-facts.js';
import { FOREIGN_PAGES, KEYS, REQUESTS } from './requests.js';
import { SERVICE } from './service.js';

const CATALOGUE = {
  ...PLACES,
  ...BOOKINGS,
  ...HOLDS,
  ...WAITLIST,
  ...EVENTS,
  ...KEYS,
  ...FOREIGN_PAGES,
  ...REQUESTS,
  ...SERVICE,
};

/** snake_case and stable: clients branch on it. */
export type ProblemCode = keyof typeof CATALOGUE;

/** Every problem that clients may get, by its code. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemFacts>> = CATALOGUE;

/** @returns the detail, with its fields filled in */
export function detailOf(code: ProblemCode, fields: Readonly<Record<string, unknown>>): string {
  return PROBLEMS[code].detail.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(fields[name]));
}
