import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';

/** The body of POST /book and POST /cancel, as far as the benchmark uses it. */
export class PersonAtEvent {
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

/** What a baseline has to bring along; everything around it is the same for all of them. */
export abstract class Strategy {
  abstract book(body: PersonAtEvent): Promise<BookAnswer>;

  /** Only one of the baselines can, so context another is a mistake of the benchmark. */
  cancel(_body: PersonAtEvent): Promise<CancelAnswer> {
    return Promise.reject(new Error('this baseline only books'));
  }
}
