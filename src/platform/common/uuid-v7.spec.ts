import { isUuid, uuidV7 } from './uuid-v7.js';

const NOW = Date.UTC(2026, 0, 1);
const SAMPLE = 4_096;

const idsOfOneMillisecond = () => Array.from({ length: SAMPLE }, () => uuidV7(NOW));

describe('uuidV7', () => {
  it('has the form of RFC 9562: version 7, variant 10', () => {
    for (const id of idsOfOneMillisecond()) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it.each([0, 1, NOW, 2 ** 48 - 1])('starts with the timestamp %d', (now) => {
    expect(Number.parseInt(uuidV7(now).replaceAll('-', '').slice(0, 12), 16)).toBe(now);
  });

  it('takes the time from the clock by default', () => {
    const before = Date.now();
    const time = Number.parseInt(uuidV7().replaceAll('-', '').slice(0, 12), 16);
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  it('sorts by time, as text, from one millisecond to the next', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => uuidV7(NOW + index));
    expect(ids.toSorted()).toEqual(ids);
  });

  it('repeats no id, even when its pool of random bytes is used up', () => {
    expect(new Set(idsOfOneMillisecond()).size).toBe(SAMPLE);
  });

  it('does not count up within a millisecond: the next id is random', () => {
    const ids = idsOfOneMillisecond();
    const above = ids.filter((id, index) => index > 0 && id > ids[index - 1]!).length;
    expect(above / SAMPLE).toBeGreaterThan(0.4);
    expect(above / SAMPLE).toBeLessThan(0.6);
  });

  it('fills each of the 74 bits after the time at random', () => {
    const ids = idsOfOneMillisecond().map((id) => BigInt(`0x${id.replaceAll('-', '')}`));
    // Bits are counted from the right; 62 and 63 are the variant, 76 to 79 the version.
    const bits = [...Array(76).keys()].filter((bit) => bit !== 62 && bit !== 63);
    expect(bits).toHaveLength(74);
    for (const bit of bits) {
      const ones = ids.filter((id) => ((id >> BigInt(bit)) & 1n) === 1n).length;
      // Six standard deviations: a fair bit falls outside once in 500 million runs.
      expect(Math.abs(ones - SAMPLE / 2)).toBeLessThan(6 * Math.sqrt(SAMPLE / 4));
    }
  });
});

describe('isUuid', () => {
  it.each([uuidV7(), uuidV7().toUpperCase(), '00000000-0000-0000-0000-000000000000'])(
    'accepts %s',
    (text) => expect(isUuid(text)).toBe(true),
  );

  it.each([
    '',
    'x',
    `${uuidV7()} `,
    `${uuidV7()}\n`,
    uuidV7().replaceAll('-', ''),
    `{${uuidV7()}}`,
  ])('refuses %j', (text) => expect(isUuid(text)).toBe(false));
});
