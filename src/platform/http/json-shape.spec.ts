import { isHarmlessJson } from './json-shape.js';

const nested = (depth: number, open: string, close: string): unknown =>
  JSON.parse(open.repeat(depth) + '1' + close.repeat(depth));

describe('isHarmlessJson', () => {
  it.each([[undefined], [null], [5], ['text'], [[]], [{ eventId: 'x', ticketIds: ['a', 'b'] }]])(
    'accepts %j',
    (body) => {
      expect(isHarmlessJson(body)).toBe(true);
    },
  );

  it('refuses nesting deeper than in any request', () => {
    expect(isHarmlessJson(nested(16, '[', ']'))).toBe(true);
    expect(isHarmlessJson(nested(17, '[', ']'))).toBe(false);
    expect(isHarmlessJson(nested(8_000, '[', ']'))).toBe(false);
    expect(isHarmlessJson(nested(2_700, '{"a":', '}'))).toBe(false);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'])(
    'refuses a field named %s',
    (name) => {
      expect(isHarmlessJson({ [name]: 1 })).toBe(false);
      expect(isHarmlessJson({ list: [{ [name]: 1 }] })).toBe(false);
    },
  );

  it('refuses more objects and lists than any request has, without delay', () => {
    const prices = (count: number) => ({ sections: Array.from({ length: count }, () => ({})) });
    expect(isHarmlessJson(prices(998))).toBe(true);
    expect(isHarmlessJson(prices(999))).toBe(false);
    const before = process.cpuUsage();
    for (const unit of ['[]', '{}', '[[]]']) {
      const text = `{"sections":[${Array.from({ length: 60_000 / unit.length }, () => unit).join()}]}`;
      expect(isHarmlessJson(JSON.parse(text))).toBe(false);
    }
    // CPU time, because a busy machine does not make it longer.
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(100);
  });

  it('refuses a list longer than in any request', () => {
    expect(isHarmlessJson({ seatIds: Array.from({ length: 2_000 }, () => 1) })).toBe(true);
    expect(isHarmlessJson({ seatIds: Array.from({ length: 2_001 }, () => 1) })).toBe(false);
  });

  it('refuses an object with more names than in any request', () => {
    const named = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, nth) => [`name${nth}`, 1]));
    expect(isHarmlessJson(named(50))).toBe(true);
    expect(isHarmlessJson({ price: named(51) })).toBe(false);
  });
});
