import type { Answer, Api } from '../../kit/index.js';

interface EventsPage {
  readonly data: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

/** Audits every event of an organiser; returns how many there are. */
export async function auditAll(organiser: Api): Promise<number> {
  let audited = 0;
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body }: Answer<EventsPage> = await organiser.get<EventsPage>(
      `/v1/events?limit=25${query}`,
    );
    await Promise.all(body.data.map(({ id }) => organiser.audit(id)));
    audited += body.data.length;
    cursor = body.nextCursor;
  }
  return audited;
}
