import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, ValidateIf } from 'class-validator';
import { IsCount, IsField, IsId, IsOneOf, isUuid, Optional } from '../../platform/index.js';
import { IDENTIFIER_LENGTH_MAX, isIdentifier } from '../../users/index.js';
import type { OnSoldOut } from '../core/commands.js';

/** Quantities above any capacity are understood, and refused by the rules (`exceeds_capacity`). */
const QUANTITY_MAX = 2_147_483_647;
const TICKETS_MAX = 100;

const IsIdentifier = (): PropertyDecorator =>
  IsField(
    'isIdentifier',
    isIdentifier,
    `must be 1 to ${IDENTIFIER_LENGTH_MAX} characters of text without control characters`,
  );

/** Required, unless its other name is used. */
const RequiredUnless = (alias: string): PropertyDecorator =>
  ValidateIf((body: Record<string, unknown>, value: unknown) => {
    return value !== undefined || body[alias] === undefined;
  });

/** Fields that both verbs share: which event, which section of it, who. */
class PersonAtEvent {
  @IsId()
  eventId!: string;

  @Optional()
  @IsId()
  sectionId?: string;

  @RequiredUnless('userId')
  @IsIdentifier()
  identifier?: string;

  /** Another name for `identifier`. */
  @Optional()
  @IsIdentifier()
  userId?: string;
}

export class BookRequest extends PersonAtEvent {
  @Optional()
  @IsCount(QUANTITY_MAX)
  quantity?: number;

  /** Another name for `quantity`. */
  @Optional()
  @IsCount(QUANTITY_MAX)
  qty?: number;

  @Optional()
  @IsOneOf(['wait', 'refuse'])
  onSoldOut?: OnSoldOut;
}

const IsTicketIds = (): PropertyDecorator =>
  applyDecorators(
    IsArray({ message: 'must be a list of ticket ids' }),
    ArrayNotEmpty({ message: 'must name at least one ticket' }),
    ArrayMaxSize(TICKETS_MAX, { message: `must name ${TICKETS_MAX} tickets at the most` }),
    IsField(
      'areIds',
      (value) => Array.isArray(value) && value.every((id) => typeof id === 'string' && isUuid(id)),
      'must hold UUIDs only',
    ),
  );

export class CancelRequest extends PersonAtEvent {
  @Optional()
  @IsCount(QUANTITY_MAX)
  quantity?: number;

  /** Another name for `quantity`. */
  @Optional()
  @IsCount(QUANTITY_MAX)
  qty?: number;

  @Optional()
  @IsTicketIds()
  ticketIds?: string[];

  @Optional()
  @IsId()
  bookingId?: string;
}

interface TicketResponse {
  readonly id: string;
  readonly eventId: string;
  readonly userId: string;
  readonly status: 'BOOKED' | 'CANCELLED';
}

interface WaitingEntryResponse {
  readonly id: string;
  readonly eventId: string;
  readonly userId: string;
  readonly quantity: number;
  /** 1 for the head of the line; null once the entry waits no more. */
  readonly position: number | null;
  readonly status: 'WAITING' | 'LEFT';
}

export type BookResponse =
  | {
      readonly waitlisted: false;
      readonly bookingId: string;
      readonly tickets: readonly TicketResponse[];
    }
  | { readonly waitlisted: true; readonly waitingEntry: WaitingEntryResponse };

export type CancelResponse =
  | { readonly ticket: TicketResponse; readonly tickets: readonly TicketResponse[] }
  | { readonly waitingEntry: WaitingEntryResponse };
