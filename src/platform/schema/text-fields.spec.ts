import { isZonedTime } from './text-fields.js';

describe('isZonedTime', () => {
  it.each([
    '2027-03-01T19:30:00Z',
    '2027-03-01T19:30Z',
    '2027-03-01T19:30:00.123456+05:30',
    '2028-02-29T00:00:00Z',
    '2027-12-31T23:59:59-12:00',
  ])('accepts %s', (text) => {
    expect(isZonedTime(text)).toBe(true);
  });

  it.each([
    ['without a zone', '2027-03-01T19:30:00'],
    ['without a time', '2027-03-01'],
    ['30 February', '2027-02-30T00:00:00Z'],
    ['29 February outside a leap year', '2027-02-29T00:00:00Z'],
    ['31 April', '2027-04-31T00:00:00Z'],
    ['hour 24', '2027-03-01T24:00:00Z'],
    ['a leap second', '2027-06-30T23:59:60Z'],
    ['the year 0', '0000-01-01T00:00:00Z'],
    ['a year that DATETIME cannot store', '0999-01-01T00:00:00Z'],
    ['a number', 1_800_000_000_000],
    ['a list', ['2027-03-01T19:30:00Z']],
  ])('refuses %s', (_, value) => {
    expect(isZonedTime(value)).toBe(false);
  });
});
