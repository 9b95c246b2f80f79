/** The permissions that an API key can have. */
export const SCOPES = [
  'events:write',
  'bookings:write',
  'bookings:read',
  'waitlist:read',
  'webhooks:write',
  'metrics:read',
] as const;

export type Scope = (typeof SCOPES)[number];
