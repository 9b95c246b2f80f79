/** Why a command was refused; `code` is what clients see. */
export type Refusal =
  | { readonly code: 'event_not_found' }
  | { readonly code: 'event_not_on_sale' }
  | { readonly code: 'idempotency_key_reused' }
  | { readonly code: 'exceeds_capacity'; readonly requested: number; readonly capacity: number }
  | { readonly code: 'limit_exceeded'; readonly requested: number; readonly limit: number }
  | { readonly code: 'sold_out'; readonly requested: number }
  | { readonly code: 'already_waiting' }
  | { readonly code: 'booking_not_found' }
  | { readonly code: 'ticket_not_found' }
  | {
      readonly code: 'quantity_exceeds_booking';
      readonly requested: number;
      readonly held: number;
    };

export type RefusalCode = Refusal['code'];
