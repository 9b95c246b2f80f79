/** Some of the ids of a part, newest first. */
export interface Stretch<Part> {
  readonly part: Part;
  /** Only ids older than this one. */
  readonly before: string | undefined;
  readonly limit: number;
}

interface PartSoFar<Part> {
  readonly part: Part;
  readonly ids: string[];
  hasMore: boolean;
}

/** A few more than an even share, so that one round is usually enough. */
const LIMIT_MIN = 4;

/**
 * The newest ids of all parts together, newest first. A first round reads about two even shares of each part; the
 * next ones read on where the others are not known to be older. At most half of the parts are read on in each round,
 * so a few times `count` ids are read, however many parts there are and however the ids are spread.
 *
 * @param read returns the ids of each stretch
 */
export async function newestOf<Part>(
  parts: readonly Part[],
  { count, before }: { readonly count: number; readonly before: string | undefined },
  read: (stretches: readonly Stretch<Part>[]) => Promise<readonly (readonly string[])[]>,
): Promise<readonly string[]> {
  const all = parts.map((part): PartSoFar<Part> => ({ part, ids: [], hasMore: true }));
  for (;;) {
    const newest = all
      .flatMap(({ ids }) => ids)
      .sort((a, b) => (a < b ? 1 : -1))
      .slice(0, count);
    const oldest = newest.length < count ? '' : newest.at(-1)!;
    // The ids that are not read yet are older than the last one of their part.
    const open = all.filter(({ ids, hasMore }) => hasMore && (ids.at(-1) ?? '~') > oldest);
    if (open.length === 0) return newest;
    const share = Math.max(LIMIT_MIN, Math.ceil((2 * count) / open.length));
    const limit = Math.min(count, share);
    const stretches = open.map(({ part, ids }) => ({ part, before: ids.at(-1) ?? before, limit }));
    for (const [nth, ids] of (await read(stretches)).entries()) {
      open[nth]!.ids.push(...ids);
      open[nth]!.hasMore = ids.length === limit;
    }
  }
}
