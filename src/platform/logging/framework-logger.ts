import { Injectable } from '@nestjs/common';
import { Logger } from 'nestjs-pino';

/** Nest's own messages in our log: its warnings and errors, not the list of every module and route. */
@Injectable()
export class FrameworkLogger extends Logger {
  override log(): void {}
}
