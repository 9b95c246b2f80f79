/** Why a command was refused. Clients see the `code`. */
export type Refusal =
  | { readonly code: 'event_not_found' }
  | { readonly code: 'event_not_on_sale' }
  | { readonly code: 'idempotency_key_reused' }
  | { readonly code: 'exceeds_capacity'; readonly requested: number; readonly capacity: number }
  | LimitExceeded
  | { readonly code: 'sold_out'; readonly requested: number }
  | { readonly code: 'already_waiting' }
  | { readonly code: 'waitlist_full'; readonly max: number }
  | { readonly code: 'booking_not_found' }
  | { readonly code: 'ticket_not_found' }
  | {
      readonly code: 'quantity_exceeds_booking';
      readonly requested: number;
      readonly held: number;
    }
  | { readonly code: 'section_not_seated' }
  | { readonly code: 'section_seated' }
  | { readonly code: 'seat_not_found'; readonly seatIds: readonly string[] }
  | { readonly code: 'seat_taken'; readonly seatIds: readonly string[] }
  | { readonly code: 'hold_not_found' }
  | { readonly code: 'hold_expired' }
  | { readonly code: 'hold_released' }
  | { readonly code: 'hold_confirmed' }
  | { readonly code: 'entry_not_found' }
  | { readonly code: 'not_offered' }
  | { readonly code: 'offer_expired' }
  | {
      readonly code: 'capacity_below_sold';
      readonly requested: number;
      /** Places booked and held. */
      readonly sold: number;
    };

type LimitExceeded =
  | {
      readonly code: 'limit_exceeded';
      readonly requested: number;
      readonly limit: number;
      readonly per: 'booking';
    }
  | {
      readonly code: 'limit_exceeded';
      readonly requested: number;
      readonly limit: number;
      readonly per: 'person';
      /** Places the person has in the event: booked, held and waited for. Not for a blind command. */
      readonly has?: number;
    };

export type RefusalCode = Refusal['code'];
