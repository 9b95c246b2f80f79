import { isHarmlessJson } from './json-shape.js';

const nested = (depth: number, open: string, close: string): unknown =>
  JSON.parse(open.repeat(depth) + '1' + close.repeat(depth));

describe('isHarmlessJson', () => {
  it.each([[undefined], [null], [5], ['text'], [[]], [{ eventId: 'x', ticketIds: ['a', 'b'] }]])(
    'lets %j pass',
    (body) => {
      expect(isHarmlessJson(body)).toBe(true);
    },
  );

  it('refuses what is deeper than any request of ours', () => {
    expect(isHarmlessJson(nested(16, '[', ']'))).toBe(true);
    expect(isHarmlessJson(nested(17, '[', ']'))).toBe(false);
    expect(isHarmlessJson(nested(8_000, '[', ']'))).toBe(false);
    expect(isHarmlessJson(nested(2_700, '{"a":', '}'))).toBe(false);
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'])(
    'refuses a field %s',
    (name) => {
      expect(isHarmlessJson({ [name]: 1 })).toBe(false);
      expect(isHarmlessJson({ list: [{ [name]: 1 }] })).toBe(false);
    },
  );
});
