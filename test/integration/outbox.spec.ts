import { randomUUID } from 'node:crypto';
import { AllocationEngine, type CommandRequest } from '../../src/allocation/index.js';
import { CreateEventService } from '../../src/events/create-event.service.js';
import {
  assertInvariants,
  InvariantError,
  type OutboxMessage,
  readOutbox,
  useApp,
  useDatabase,
} from '../kit/index.js';
import { CONTEXT, someone } from '../kit/request-context.js';

interface Row {
  readonly id: string;
  readonly payload: string;
}

type Facts = { readonly type: string; readonly payload: object }[];

describe('the outbox', () => {
  const database = useDatabase();
  const app = useApp(database);

  const run = (requests: readonly CommandRequest[]) => app.nest.get(AllocationEngine).run(requests);

  const open = async (capacities: readonly number[]) => {
    const sections = capacities.map((capacity, nth) => ({ name: `Block ${nth}`, capacity }));
    const { body } = await app.nest
      .get(CreateEventService)
      .create({ name: 'Gala', sections }, CONTEXT);
    return { eventId: body.id, sectionIds: body.sections.map(({ id }) => id) };
  };

  const book = (sectionId: string, name: string): CommandRequest => ({
    kind: 'book',
    sectionId,
    person: someone(name),
    quantity: 1,
    onSoldOut: 'wait',
  });

  const cancel = (sectionId: string, name: string): CommandRequest => ({
    kind: 'cancel',
    sectionId,
    person: someone(name),
    target: { by: 'newest', quantity: 1 },
  });

  const rowsOf = (sectionId: string) =>
    database.query<Row>(
      'SELECT id, payload FROM outbox_messages WHERE section_id = ? ORDER BY sequence',
      [sectionId],
    );

  const messagesOf = async (eventId: string, section: string): Promise<OutboxMessage[]> =>
    (await readOutbox(database, eventId)).filter(({ sectionId }) => sectionId === section);

  it('has one row per batch and section, with a message for each change', async () => {
    const { eventId, sectionIds } = await open([1, 5, 5]);
    const [small, large, untouched] = sectionIds as [string, string, string];
    await run([book(small, 'ann'), book(large, 'ann'), book(small, 'bob'), book(large, 'bob')]);
    await run([cancel(small, 'ann'), cancel(small, 'nobody')]);
    expect(await rowsOf(small)).toHaveLength(2);
    expect(await rowsOf(large)).toHaveLength(1);
    expect(await rowsOf(untouched)).toEqual([]);
    const messages = await messagesOf(eventId, small);
    expect(messages.map(({ sequence, type }) => [sequence, type])).toEqual([
      [1, 'booking.confirmed'],
      [2, 'waitlist.joined'],
      [3, 'booking.cancelled'],
      [4, 'booking.confirmed'],
      [5, 'waitlist.promoted'],
    ]);
  });

  it('gives every message an id, and the event, section and time of its transaction', async () => {
    const { eventId, sectionIds } = await open([5]);
    const before = Date.now();
    await run(['ann', 'bob', 'cyd'].map((name) => book(sectionIds[0]!, name)));
    const messages = await messagesOf(eventId, sectionIds[0]!);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(3);
    const [{ createdAt }] = messages as [OutboxMessage];
    expect(createdAt.getTime()).toBeGreaterThanOrEqual(before);
    for (const message of messages) {
      expect(message).toMatchObject({ eventId, sectionId: sectionIds[0], createdAt });
    }
  });

  /** Replaces all rows of a section by those that 0.2.0 would have written: one for each message. */
  async function asOf020(eventId: string, sectionId: string): Promise<void> {
    const singles = (await messagesOf(eventId, sectionId)).map((message) => [
      randomUUID(),
      eventId,
      sectionId,
      message.sequence,
      message.type,
      JSON.stringify(message.payload),
      message.createdAt,
    ]);
    await database.query('DELETE FROM outbox_messages WHERE section_id = ?', [sectionId]);
    await database.query(
      `INSERT INTO outbox_messages
         (id, event_id, section_id, sequence, type, payload, created_at) VALUES ?`,
      [singles],
    );
  }

  it('may mix these rows with those of 0.2.0, which have one message each', async () => {
    const { eventId, sectionIds } = await open([1]);
    const sectionId = sectionIds[0]!;
    await run(['ann', 'bob', 'cyd'].map((name) => book(sectionId, name)));
    const before = await messagesOf(eventId, sectionId);
    await asOf020(eventId, sectionId);
    const nameless = (message: OutboxMessage) => ({ ...message, id: '' });
    expect((await messagesOf(eventId, sectionId)).map(nameless)).toEqual(before.map(nameless));
    await run([cancel(sectionId, 'ann')]);
    expect(await rowsOf(sectionId)).toHaveLength(4);
    const messages = await messagesOf(eventId, sectionId);
    expect(messages.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    await assertInvariants(database.url);
  });

  describe('fails the invariants', () => {
    let sectionId: string;

    /** One row: ann books, ben waits, ann cancels, and ben is promoted. Then another: cyd waits. */
    beforeEach(async () => {
      sectionId = (await open([1])).sectionIds[0]!;
      await run([book(sectionId, 'ann'), book(sectionId, 'ben'), cancel(sectionId, 'ann')]);
      await run([book(sectionId, 'cyd')]);
      await assertInvariants(database.url);
    });

    /** The rules that are broken while a row of the section is changed. */
    async function brokenBy(nth: number, change: (facts: Facts) => Facts): Promise<string[]> {
      const { id, payload } = (await rowsOf(sectionId))[nth]!;
      const save = (text: string) =>
        database.query('UPDATE outbox_messages SET payload = ? WHERE id = ?', [text, id]);
      await save(JSON.stringify(change(JSON.parse(payload) as Facts)));
      const error: unknown = await assertInvariants(database.url).catch(
        (thrown: unknown) => thrown,
      );
      await save(payload);
      if (!(error instanceof InvariantError)) return [];
      expect(error.violations.every((violation) => violation.sectionId === sectionId)).toBe(true);
      return [...new Set(error.violations.map(({ rule }) => rule))];
    }

    it.each([0, 1, 2, 3, 4])('without message %i of a row', async (index) => {
      const broken = await brokenBy(0, (facts) => facts.toSpliced(index, 1));
      expect(broken).toContain('messages have no gaps');
      expect(broken).toContain('section version = number of messages');
    });

    it('without the only message of the newest row', async () => {
      expect(await brokenBy(1, () => [])).toEqual(['section version = number of messages']);
    });

    it('with a message twice', async () => {
      const broken = await brokenBy(0, (facts) => facts.toSpliced(1, 0, facts[1]!));
      expect(broken).toContain('messages have no gaps');
    });

    it('if the promotion is before the cancellation that freed the place', async () => {
      const broken = await brokenBy(0, (facts) => facts.toSpliced(2, 2, facts[3]!, facts[2]!));
      expect(broken).toEqual(['no oversell at any moment']);
    });

    it('if a person booked before the one who joined the waitlist', async () => {
      const broken = await brokenBy(0, (facts) => [facts[1]!, facts[0]!, ...facts.slice(2)]);
      expect(broken).toContain('no newcomer overtakes the waitlist');
    });

    it('without a row', async () => {
      const [{ id }] = (await rowsOf(sectionId)) as [Row];
      await database.query('UPDATE outbox_messages SET section_id = NULL WHERE id = ?', [id]);
      const checked = assertInvariants(database.url);
      await expect(checked).rejects.toThrow('messages have no gaps');
      await database.query('UPDATE outbox_messages SET section_id = ? WHERE id = ?', [
        sectionId,
        id,
      ]);
    });
  });
});
