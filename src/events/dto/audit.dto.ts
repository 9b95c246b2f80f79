import {
  Describe,
  IsBoolean,
  IsId,
  IsInteger,
  IsListOf,
  IsString,
  IsTimestamp,
  SchemaName,
} from '../../platform/schema/index.js';

@Describe('A stored number, and the same number counted from rows.')
@SchemaName('AuditCheck')
export class Check {
  @IsString() readonly name!: string;
  @IsInteger() readonly kept!: number;
  @IsInteger() readonly counted!: number;
  @Describe('Whether they are equal. `lastSeq` also agrees if `kept` is higher.')
  @IsBoolean()
  readonly agrees!: boolean;
}

export class SectionAudit {
  @IsId() readonly id!: string;
  @IsString() readonly name!: string;
  @IsBoolean() readonly consistent!: boolean;
  @IsListOf(() => Check) readonly checks!: readonly Check[];
}

@SchemaName('Audit')
export class AuditResponse {
  @IsId() readonly eventId!: string;

  @Describe('Whether every stored number agrees with its count.')
  @IsBoolean()
  readonly consistent!: boolean;

  @IsTimestamp() readonly checkedAt!: string;

  @IsListOf(() => SectionAudit)
  readonly sections!: readonly SectionAudit[];
}
