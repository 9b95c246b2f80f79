import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { ApiKeyEntity } from './src/access/api-key.entity.js';
import { OrganiserEntity } from './src/access/organiser.entity.js';
import { BookedSeatEntity } from './src/seats/booked-seat.entity.js';
import { BookingEntity } from './src/bookings/booking.entity.js';
import { HoldEntity } from './src/holds/hold.entity.js';
import { TicketEntity } from './src/bookings/ticket.entity.js';
import { EventEntity } from './src/events/event.entity.js';
import { SeatEntity } from './src/seats/seat.entity.js';
import { SectionEntity } from './src/allocation/storage/section.entity.js';
import { WaitlistCountEntity } from './src/allocation/storage/waitlist-count.entity.js';
import { CommitProbeEntity, dataSourceOptions } from './src/platform/database/index.js';
import { loadConfig } from './src/platform/config/index.js';
import { IdempotencyKeyEntity } from './src/platform/idempotency/idempotency-key.entity.js';
import { OutboxMessageEntity } from './src/platform/outbox/outbox-message.entity.js';
import { UserEntity } from './src/users/user.entity.js';
import { WaitlistEntryEntity } from './src/waitlist/waitlist-entry.entity.js';

const config = loadConfig();
if (config.DATABASE_URL === undefined) {
  throw new Error('Set DATABASE_URL: the embedded database is looked after by `npm start`.');
}

/** For TypeORM's command line; the service shares its options (platform/database). */
export default new DataSource(
  dataSourceOptions(config.DATABASE_URL, config.DATABASE_POOL_SIZE, { kind: 'migrations' }, [
    ApiKeyEntity,
    BookedSeatEntity,
    BookingEntity,
    CommitProbeEntity,
    EventEntity,
    HoldEntity,
    IdempotencyKeyEntity,
    OrganiserEntity,
    OutboxMessageEntity,
    SeatEntity,
    SectionEntity,
    TicketEntity,
    UserEntity,
    WaitlistCountEntity,
    WaitlistEntryEntity,
  ]),
);
