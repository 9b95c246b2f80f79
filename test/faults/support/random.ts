/** A random source that can be run again: the same seed gives the same numbers (mulberry32). */
export class Random {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** The seed that FAULT_SEED names, or a new one; printed, so that a red run can be repeated. */
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
