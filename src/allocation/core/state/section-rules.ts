/** Selects the next entry when places come free: only the head, or the first entry that fits. */
export type Fit = 'strict' | 'skip';

/** Whether the next entry gets a booking, or an offer to accept in time. */
export type WaitlistMode = 'auto' | 'offer';

/** Settings of a section that its organiser may change; null means no limit. */
export interface SectionRules {
  readonly maxPerBooking: number | null;
  /** Places of one person in the whole event: booked, held and waited for. */
  readonly maxPerPerson: number | null;
  /** Whether anyone may join the waitlist. Existing entries stay either way. */
  readonly waitlistEnabled: boolean;
  /** The most entries that may be WAITING. */
  readonly waitlistMax: number | null;
  readonly fit: Fit;
  readonly mode: WaitlistMode;
  readonly offerTtlSeconds: number;
}

/** Twelve hours. */
const OFFER_TTL_SECONDS = 43_200;

/** The rules of a section for which the organiser sets none. */
export const DEFAULT_RULES: SectionRules = {
  maxPerBooking: null,
  maxPerPerson: null,
  waitlistEnabled: true,
  waitlistMax: null,
  fit: 'strict',
  mode: 'auto',
  offerTtlSeconds: OFFER_TTL_SECONDS,
};
