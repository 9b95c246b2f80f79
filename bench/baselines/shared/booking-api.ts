import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';

/** The fields of POST /book and POST /cancel that the benchmark uses. */
export class BookingRequest {
  @IsUUID()
  eventId!: string;

  @IsString()
  @Length(1, 255)
  identifier!: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100)
  quantity?: number;
}

export interface TicketAnswer {
  readonly id: string;
  readonly eventId: string;
  readonly userId: string;
  readonly status: 'BOOKED' | 'CANCELLED';
}

export type BookAnswer =
  | {
      readonly waitlisted: false;
      readonly bookingId: string;
      readonly tickets: readonly TicketAnswer[];
    }
  | {
      readonly waitlisted: true;
      readonly waitingEntry: {
        readonly id: string;
        readonly eventId: string;
        readonly userId: string;
        readonly quantity: number;
        readonly position: number;
        readonly status: 'WAITING';
      };
    };

export interface CancelAnswer {
  readonly ticket: TicketAnswer;
  readonly tickets: readonly TicketAnswer[];
}

/** The part that differs between the baselines. */
export abstract class Strategy {
  abstract book(body: BookingRequest): Promise<BookAnswer>;

  /** Only one baseline implements this. */
  cancel(_body: BookingRequest): Promise<CancelAnswer> {
    return Promise.reject(new Error('this baseline cannot cancel'));
  }
}
