import { pageSchema } from '../../platform/http/index.js';
import {
  Describe,
  IsId,
  IsInteger,
  IsNested,
  IsOneOf,
  IsString,
  IsTimestamp,
  Nullable,
  SchemaName,
} from '../../platform/schema/index.js';

const KINDS = ['key', 'admin', 'open', 'worker', 'operator', 'unknown'] as const;

@SchemaName('Actor')
export class ActorResponse {
  @Describe(
    '`key`: an API key. `admin`: `ADMIN_API_KEY`. `open`: anyone, with `AUTH_MODE=open`. `worker`: background work. `operator`: `npm run repair`. `unknown`: the change was made before Rowlock recorded this.',
  )
  @IsOneOf(KINDS)
  readonly kind!: (typeof KINDS)[number];

  @Describe('The id of the API key, never the key itself.')
  @Nullable()
  @IsString()
  readonly keyId!: string | null;

  @Describe('The name of the API key or of the worker.')
  @Nullable()
  @IsString()
  readonly name!: string | null;

  @Describe('`X-Request-Id` of the request, as in the log.')
  @Nullable()
  @IsString()
  readonly requestId!: string | null;
}

@SchemaName('Change')
export class ChangeResponse {
  @IsTimestamp() readonly time!: string;

  @Describe('What happened, such as `booking.confirmed` or `event.updated`.')
  @IsString()
  readonly type!: string;

  @Describe('Null for a change of the event itself.')
  @Nullable()
  @IsId()
  readonly sectionId!: string | null;

  @Describe('Counts the changes of the section, or of the event itself.')
  @IsInteger()
  readonly sequence!: number;

  @IsNested(() => ActorResponse)
  readonly actor!: ActorResponse;
}

export const HistoryPage = pageSchema('HistoryPage', ChangeResponse);
