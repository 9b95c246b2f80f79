/** Metrics of the service process. */
export interface Gauges {
  readonly startedAt: number;
  readonly megabytes: number;
}

/** @param key of an organiser who may read metrics */
export async function gaugesOf(baseUrl: string, key: string): Promise<Gauges> {
  const headers = { Authorization: `Bearer ${key}` };
  const text = await (await fetch(`${baseUrl}/metrics`, { headers })).text();
  const read = (name: string): number => {
    const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(text) ?? [];
    if (value === undefined) throw new Error(`No ${name} in ${text.slice(0, 200)}`);
    return Number(value);
  };
  return {
    startedAt: read('process_start_time_seconds'),
    megabytes: read('process_resident_memory_bytes') / 1024 ** 2,
  };
}
