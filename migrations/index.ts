import { CreateBookingTables1795200000000 } from './1795200000000-create-booking-tables.js';
import { AddForeignKeys1795200000001 } from './1795200000001-add-foreign-keys.js';
import { CreateIdempotencyKeys1795200000002 } from './1795200000002-create-idempotency-keys.js';
import { AddHoldsOffersAndSeats1795200000003 } from './1795200000003-add-holds-offers-and-seats.js';
import { AddForeignKeysOfHoldsAndSeats1795200000004 } from './1795200000004-add-foreign-keys-of-holds-and-seats.js';
import { AddEventDetails1795200000005 } from './1795200000005-add-event-details.js';
import { AddOrganisersAndKeys1795200000006 } from './1795200000006-add-organisers-and-keys.js';
import { CountWaitingEntries1795200000007 } from './1795200000007-count-waiting-entries.js';
import { CompareIdentifiersWithoutCaseAndWidth1795200000010 } from './1795200000010-compare-identifiers-without-case-and-width.js';
import { RememberWhenEventsWerePublished1795200000011 } from './1795200000011-remember-when-events-were-published.js';
import { IndexChangesByEvent1795200000012 } from './1795200000012-index-changes-by-event.js';
import { AddCommitProbes1795200000020 } from './1795200000020-add-commit-probes.js';
import { RecordWhatPlacesCost1795200000021 } from './1795200000021-record-what-places-cost.js';

/** In order. Append only: never edit a released migration. */
export const migrations = [
  CreateBookingTables1795200000000,
  AddForeignKeys1795200000001,
  CreateIdempotencyKeys1795200000002,
  AddHoldsOffersAndSeats1795200000003,
  AddForeignKeysOfHoldsAndSeats1795200000004,
  AddEventDetails1795200000005,
  AddOrganisersAndKeys1795200000006,
  CountWaitingEntries1795200000007,
  CompareIdentifiersWithoutCaseAndWidth1795200000010,
  RememberWhenEventsWerePublished1795200000011,
  IndexChangesByEvent1795200000012,
  AddCommitProbes1795200000020,
  RecordWhatPlacesCost1795200000021,
];
