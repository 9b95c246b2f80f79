import { groupBy } from '../../platform/common/index.js';
import { peopleLimited, type SectionBatch } from '../core/loading/load-requirements.js';

/** People to whom a limit applies, by event. */
export function limitedIn(batches: readonly SectionBatch[]) {
  const limited = batches
    .map((batch) => ({ eventId: batch.section.row.eventId, people: peopleLimited(batch) }))
    .filter(({ people }) => people.length > 0);
  return [...groupBy(limited, ({ eventId }) => eventId)].map(([eventId, sections]) => {
    return { eventId, people: [...new Set(sections.flatMap(({ people }) => people))] };
  });
}
