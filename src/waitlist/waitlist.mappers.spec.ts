import { toEntryAt } from './waitlist.mappers.js';

const NOON = new Date('2027-03-01T12:00:00.000Z');
const row = {
  id: 'entry',
  eventId: 'event',
  sectionId: 'section',
  userId: 'user',
  quantity: 2,
  seq: 7,
  status: 'OFFERED',
  createdAt: new Date('2027-03-01T10:00:00.000Z'),
  endedAt: null,
  holdId: 'hold',
  bookingId: null,
  expiresAt: NOON,
  price: { amount: 450, currency: 'EUR' },
  position: 0,
  readAt: new Date(),
} as const;

describe('toEntryAt', () => {
  it('shows an offer until it expires', () => {
    expect(toEntryAt(row, new Date(NOON.getTime() - 1))).toMatchObject({
      status: 'OFFERED',
      position: null,
      endedAt: null,
      offer: {
        holdId: 'hold',
        expiresAt: NOON.toISOString(),
        price: { amount: 450, currency: 'EUR', total: 900 },
      },
    });
  });

  it('shows an offer as expired from that moment, even before it is ended', () => {
    expect(toEntryAt(row, NOON)).toMatchObject({
      status: 'EXPIRED',
      position: null,
      endedAt: NOON.toISOString(),
      offer: null,
    });
  });
});
