import { Injectable } from '@nestjs/common';

/** The current time, which tests can control. */
@Injectable()
export class Clock {
  now(): Date {
    return new Date();
  }
}
