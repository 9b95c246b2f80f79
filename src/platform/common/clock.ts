import { Injectable } from '@nestjs/common';

/**
 * The time of decisions and of rows is that of the database: the clocks of instances differ. Whatever reads it
 * passes it through here, where tests can replace it.
 */
@Injectable()
export class Clock {
  now(databaseTime: Date): Date {
    return databaseTime;
  }
}
