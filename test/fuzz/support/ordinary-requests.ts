import type { Answer, Api } from '../../kit/index.js';

/**
 * Ordinary requests and their answers, with names in place of ids and times: they must be the same
 * before and after all other requests.
 */
export async function ordinaryRequests(api: Api): Promise<readonly string[]> {
  const answers: Answer[] = [];
  const post = async (path: string, body: object): Promise<Answer> => {
    const answer = await api.post(path, body);
    answers.push(answer);
    return answer;
  };
  const opened = await post('/v1/events', {
    name: 'An ordinary event',
    sections: [
      { name: 'Parquet', seats: { rows: ['A'], perRow: 2 } },
      { name: 'Floor', capacity: 1 },
    ],
  });
  const { id: eventId, sections } = opened.body as unknown as Event;
  const floor = { eventId, sectionId: sections[1]!.id };
  const hold = await post('/v1/holds', { eventId, sectionId: sections[0]!.id, identifier: 'ann' });
  await post(`/v1/holds/${hold.body.id}/confirm`, {});
  await post('/book', { ...floor, identifier: 'bob' });
  await post('/book', { ...floor, identifier: 'cyd' });
  await post('/book', { ...floor, identifier: 'dan', quantity: 0 });
  await post('/cancel', { ...floor, identifier: 'bob' });
  answers.push(await api.status(eventId));
  return comparable(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`));
}

interface Event {
  readonly id: string;
  readonly sections: readonly { readonly id: string }[];
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** The same id has the same name everywhere. */
function comparable(texts: readonly string[]): string[] {
  const names = new Map<string, string>();
  const nameOf = (id: string): string => {
    if (!names.has(id)) names.set(id, `id-${names.size}`);
    return names.get(id)!;
  };
  return texts.map((text) => text.replaceAll(UUID, nameOf).replaceAll(TIME, 'time'));
}
