import { idsFrom } from './ordered-ids.js';
import { isUuid } from './uuid-v7.js';

const AT = Date.UTC(2026, 0, 1) * 1_000;

describe('idsFrom', () => {
  it('makes valid ids, in the order in which they are taken, across milliseconds', () => {
    const next = idsFrom(AT + 999);
    const ids = Array.from({ length: 10_000 }, next);
    expect(ids.every(isUuid)).toBe(true);
    expect(ids.every((id) => id[14] === '7' && '89ab'.includes(id[19]!))).toBe(true);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(10_000);
  });

  it.each([1, 10, 1_000, 600_000_000])('orders ids that are %i µs apart by their time', (later) => {
    expect(idsFrom(AT)() < idsFrom(AT + later)()).toBe(true);
  });

  it('begins with the milliseconds of the time', () => {
    const time = parseInt(idsFrom(AT)().replaceAll('-', '').slice(0, 12), 16);
    expect(time).toBe(AT / 1_000);
  });
});
