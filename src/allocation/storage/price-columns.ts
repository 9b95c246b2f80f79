import type { Price } from '../core/state/price.js';

export const PRICE_COLUMNS = ['price_amount', 'price_currency'];

/** The columns of a price, as the driver returns them: BIGINTs are text. */
export interface StoredPrice {
  readonly priceAmount: string | null;
  readonly priceCurrency: string | null;
}

/** @param table its name or alias, in the statement */
export const selectPrice = (table: string): string =>
  `${table}.price_amount AS priceAmount, ${table}.price_currency AS priceCurrency`;

export const toPrice = ({ priceAmount, priceCurrency }: StoredPrice): Price | null =>
  priceCurrency === null ? null : { amount: Number(priceAmount), currency: priceCurrency };

/** A row with its price instead of the columns. */
export function withPrice<Row extends StoredPrice>(
  stored: Row,
): Omit<Row, keyof StoredPrice> & { readonly price: Price | null } {
  const { priceAmount, priceCurrency, ...row } = stored;
  return { ...row, price: toPrice({ priceAmount, priceCurrency }) };
}

/** In the order of `PRICE_COLUMNS`. */
export const priceValues = (price: Price | null): unknown[] => [
  price?.amount ?? null,
  price?.currency ?? null,
];
