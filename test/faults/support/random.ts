/** A reproducible random source (mulberry32): the same seed gives the same numbers. */
export class Random {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** Uses FAULT_SEED or a new seed, and prints it so that a failed run can be repeated. */
  static announced(what: string): Random {
    const seed = Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 0x1_0000_0000));
    process.stderr.write(`${what}: FAULT_SEED=${seed}\n`);
    return new Random(seed);
  }

  /** At least 0, less than 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}
