import { BoxOffice } from '../../../../test/unit/support/box-office.js';

const OLD = { amount: 4_500, currency: 'EUR' };
const NEW = { amount: 6_000, currency: 'CHF' };

const messagesOf = ({ state }: BoxOffice) =>
  state.messages.map(({ type, payload }) => [type, payload['price']]);

describe('the price', () => {
  it('of a booking is that of the section when it is made', () => {
    const office = new BoxOffice({ price: OLD });
    expect(office.booked('Ann', 2).booking.price).toEqual(OLD);
    expect(messagesOf(office)).toEqual([['booking.confirmed', { ...OLD, total: 9_000 }]]);
    office.reprice(NEW);
    expect(office.booked('Ann').booking.price).toEqual(NEW);
  });

  it('of a hold is kept when it is confirmed', () => {
    const office = new BoxOffice({ price: OLD });
    const holdId = office.held('Ann', 2);
    office.reprice(NEW);
    expect(office.endHold('confirm', holdId)).toMatchObject({ booking: { price: OLD } });
    const price = { ...OLD, total: 9_000 };
    expect(messagesOf(office)).toEqual([
      ['hold.confirmed', price],
      ['booking.confirmed', price],
    ]);
  });

  it('of a hold without one stays null when the section gets one', () => {
    const office = new BoxOffice();
    const holdId = office.held('Ann');
    office.reprice(NEW);
    expect(office.endHold('confirm', holdId)).toMatchObject({ booking: { price: null } });
    expect(office.state.messages.some(({ payload }) => 'price' in payload)).toBe(false);
  });

  it('of a promoted entry is that of the promotion', () => {
    const office = new BoxOffice({ capacity: 1, price: OLD });
    office.book('Ann');
    office.book('Ann');
    office.reprice(NEW);
    expect(office.cancel('Ann')).toMatchObject({ promoted: [{ userId: 'Ann', price: NEW }] });
    expect(messagesOf(office).slice(0, 2)).toEqual([
      ['booking.cancelled', { ...OLD, total: 4_500 }],
      ['booking.confirmed', { ...NEW, total: 6_000 }],
    ]);
  });

  it('of an offer is kept when it is accepted', () => {
    const office = new BoxOffice({ capacity: 1, price: OLD, rules: { mode: 'offer' } });
    office.book('Ann');
    office.book('Bob');
    office.cancel('Ann');
    const { id } = office.entryOf('Bob');
    office.reprice(NEW);
    expect(office.endEntry('accept', id)).toMatchObject({ booking: { price: OLD } });
  });

  it('of cancelled places is that of their bookings', () => {
    const office = new BoxOffice({ price: OLD });
    office.book('Ann', 2);
    office.reprice(NEW);
    office.book('Ann');
    office.cancel('Ann', { by: 'newest', quantity: 2 });
    expect(messagesOf(office).slice(1)).toEqual([
      ['booking.cancelled', { ...NEW, total: 6_000 }],
      ['booking.cancelled', { ...OLD, total: 4_500 }],
    ]);
  });
});
