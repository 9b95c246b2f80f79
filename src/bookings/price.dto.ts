import { Describe, IsInteger, IsString, SchemaName } from '../platform/schema/index.js';

@Describe('The price of places, fixed when they were booked, held or offered.')
@SchemaName('FixedPrice')
export class FixedPriceResponse {
  @Describe('Of one place, in the smallest unit of the currency.')
  @IsInteger({ min: 0 })
  readonly amount!: number;

  @IsString() readonly currency!: string;

  @Describe('Of all the places: `amount` × their number.')
  @IsInteger({ min: 0 })
  readonly total!: number;
}
