import {
  Inlined,
  IsConstant,
  IsInteger,
  IsNested,
  IsOneOf,
  IsString,
  Nullable,
  SchemaName,
} from '../platform/schema/index.js';

@Inlined()
export class Checks {
  @IsOneOf(['up', 'draining']) readonly service!: 'up' | 'draining';
  @IsOneOf(['up', 'down']) readonly database!: 'up' | 'down';
  @IsOneOf(['up', 'full', 'stuck']) readonly lanes!: 'up' | 'full' | 'stuck';
  @IsOneOf(['up', 'failing', 'full']) readonly writes!: 'up' | 'failing' | 'full';
  @IsOneOf(['up', 'older', 'newer', 'unknown'])
  readonly schema!: 'up' | 'older' | 'newer' | 'unknown';
}

@Inlined()
class HealthChecks extends Checks {
  @IsOneOf(['local', 'shared']) readonly rateLimits!: 'local' | 'shared';
}

@SchemaName('Health')
export class HealthResponse {
  @IsOneOf(['ok', 'degraded']) readonly status!: 'ok' | 'degraded';
  @IsInteger({ min: 0 }) readonly uptimeSeconds!: number;
  @IsInteger() @Nullable() readonly clockAheadMs!: number | null;
  @IsString() @Nullable() readonly databaseHost!: string | null;
  @IsNested(() => HealthChecks) readonly checks!: HealthChecks;
}

@SchemaName('Live')
export class LiveResponse {
  @IsConstant('ok') readonly status!: 'ok';
}

@SchemaName('Ready')
export class ReadyResponse extends LiveResponse {
  @IsString() @Nullable() readonly databaseHost!: string | null;
  @IsNested(() => Checks)
  readonly checks!: Checks;
}
