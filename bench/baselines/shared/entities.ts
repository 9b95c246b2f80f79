import { Column, Entity, PrimaryColumn } from 'typeorm';

// The service's tables, mapped with TypeORM in the usual way.

/** mysql2 returns BIGINTs as strings. */
const AS_NUMBER = { from: Number, to: (value: unknown) => value };

@Entity('sections')
export class Section {
  @PrimaryColumn({ type: 'char', length: 36 })
  id!: string;

  @Column({ name: 'event_id', type: 'char', length: 36 })
  eventId!: string;

  @Column({ type: 'int' })
  booked!: number;

  @Column({ type: 'int' })
  available!: number;

  @Column({ type: 'int' })
  bookings!: number;

  @Column({ type: 'int' })
  waiting!: number;

  @Column({ name: 'last_seq', type: 'bigint', transformer: AS_NUMBER })
  lastSeq!: number;

  @Column({ type: 'bigint', transformer: AS_NUMBER })
  version!: number;
}

@Entity('users')
export class User {
  @PrimaryColumn({ type: 'char', length: 36 })
  id!: string;

  @Column({ type: 'varchar', length: 255 })
  identifier!: string;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;
}

@Entity('bookings')
export class Booking {
  @PrimaryColumn({ type: 'char', length: 36 })
  id!: string;

  @Column({ name: 'event_id', type: 'char', length: 36 })
  eventId!: string;

  @Column({ name: 'section_id', type: 'char', length: 36 })
  sectionId!: string;

  @Column({ name: 'user_id', type: 'char', length: 36 })
  userId!: string;

  @Column({ type: 'int' })
  quantity!: number;

  @Column({ type: 'varchar' })
  status!: 'CONFIRMED' | 'CANCELLED';

  @Column({ name: 'waitlist_entry_id', type: 'char', length: 36, nullable: true })
  waitlistEntryId!: string | null;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;

  @Column({ name: 'cancelled_at', type: 'datetime', precision: 3, nullable: true })
  cancelledAt!: Date | null;
}

@Entity('tickets')
export class Ticket {
  @PrimaryColumn({ type: 'char', length: 36 })
  id!: string;

  @Column({ name: 'event_id', type: 'char', length: 36 })
  eventId!: string;

  @Column({ name: 'booking_id', type: 'char', length: 36 })
  bookingId!: string;

  @Column({ type: 'varchar' })
  status!: 'BOOKED' | 'CANCELLED';

  @Column({ name: 'cancelled_at', type: 'datetime', precision: 3, nullable: true })
  cancelledAt!: Date | null;
}

@Entity('waitlist_entries')
export class WaitlistEntry {
  @PrimaryColumn({ type: 'char', length: 36 })
  id!: string;

  @Column({ name: 'event_id', type: 'char', length: 36 })
  eventId!: string;

  @Column({ name: 'section_id', type: 'char', length: 36 })
  sectionId!: string;

  @Column({ name: 'user_id', type: 'char', length: 36 })
  userId!: string;

  @Column({ name: 'waiting_user_id', type: 'char', length: 36, nullable: true })
  waitingUserId!: string | null;

  @Column({ type: 'int' })
  quantity!: number;

  @Column({ type: 'int' })
  seq!: number;

  @Column({ type: 'varchar' })
  status!: 'WAITING' | 'PROMOTED';

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;

  @Column({ name: 'ended_at', type: 'datetime', precision: 3, nullable: true })
  endedAt!: Date | null;
}

@Entity('outbox_messages')
export class OutboxMessage {
  @PrimaryColumn({ type: 'char', length: 36 })
  id!: string;

  @Column({ name: 'event_id', type: 'char', length: 36 })
  eventId!: string;

  @Column({ name: 'section_id', type: 'char', length: 36, nullable: true })
  sectionId!: string | null;

  @Column({ type: 'int' })
  sequence!: number;

  @Column({ type: 'varchar' })
  type!: string;

  @Column({ type: 'text' })
  payload!: string;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt!: Date;
}

export const ENTITIES = [Section, User, Booking, Ticket, WaitlistEntry, OutboxMessage];
