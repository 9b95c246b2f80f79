/** What one place costs, in the smallest unit of an ISO 4217 currency. */
export interface Price {
  readonly amount: number;
  readonly currency: string;
}

/** What some places cost. */
export interface PriceOfPlaces extends Price {
  /** In the same unit; exact up to 2^53. */
  readonly total: number;
}

/**
 * @param price null if the section had none when the places were given; undefined in the stored outcomes of earlier
 *   versions, which did not record it
 */
export const priceOfPlaces = (
  price: Price | null | undefined,
  places: number,
): PriceOfPlaces | null =>
  price === null || price === undefined ? null : { ...price, total: price.amount * places };
