/** Values read at a fixed interval until `stop`. */
export interface Samples {
  stop(): number[];
}

/** @param read returns NaN if there is no value at the moment */
export function sampleEvery(ms: number, read: () => number | Promise<number>): Samples {
  const values: number[] = [];
  const sample = async (): Promise<void> => {
    const value = await read();
    if (!Number.isNaN(value)) values.push(value);
  };
  void sample();
  const timer = setInterval(() => void sample(), ms);
  return {
    stop: () => {
      clearInterval(timer);
      return values;
    },
  };
}
