/** Who is served first when places come free: only the head of the line, or the first whom they fit. */
export type Fit = 'strict' | 'skip';

/** What the line is given: a booking at once, or an offer that has to be accepted in time. */
export type WaitlistMode = 'auto' | 'offer';

/** Settings of a section that its organiser may change; null is no bound. */
export interface SectionRules {
  readonly maxPerBooking: number | null;
  /** Places of one person in the whole event: booked, held and waited for. */
  readonly maxPerPerson: number | null;
  /** Whether anybody may join the line; who waits already goes on waiting. */
  readonly waitlistEnabled: boolean;
  /** How many entries may wait. */
  readonly waitlistMax: number | null;
  readonly fit: Fit;
  readonly mode: WaitlistMode;
  readonly offerTtlSeconds: number;
}

/** Twelve hours. */
const OFFER_TTL_SECONDS = 43_200;

/** What a section goes by whose organiser has said nothing. */
export const DEFAULT_RULES: SectionRules = {
  maxPerBooking: null,
  maxPerPerson: null,
  waitlistEnabled: true,
  waitlistMax: null,
  fit: 'strict',
  mode: 'auto',
  offerTtlSeconds: OFFER_TTL_SECONDS,
};
