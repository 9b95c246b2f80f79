import { AllocationEngine, type CommandRequest } from '../../src/allocation/index.js';
import { CreateEventService } from '../../src/events/create-event.service.js';
import { assertInvariants, InvariantError, useApp, useDatabase } from '../kit/index.js';
import { CONTEXT, someone } from '../kit/request-context.js';

/** Rules that the rows alone break if a setting was changed, unless its change is in the outbox. */
describe('assertInvariants', () => {
  const database = useDatabase();
  const app = useApp(database);
  let sectionId: string;

  const run = (request: CommandRequest) => app.nest.get(AllocationEngine).run([request]);

  const book = (identifier: string, quantity: number) =>
    run({ kind: 'book', sectionId, person: someone(identifier), quantity, onSoldOut: 'wait' });

  const setByHand = (assignment: string) =>
    database.query(`UPDATE sections SET ${assignment} WHERE id = ?`, [sectionId]);

  async function brokenRules(): Promise<string[]> {
    const error: unknown = await assertInvariants(database.url).catch((thrown: unknown) => thrown);
    return error instanceof InvariantError ? error.violations.map(({ rule }) => rule) : [];
  }

  beforeEach(async () => {
    const event = { name: 'Gala', totalTickets: 2 };
    const { body } = await app.nest.get(CreateEventService).create(event, CONTEXT);
    sectionId = body.sections[0]!.id;
  });

  it('allows more places than a limit that was lowered afterwards, and only then', async () => {
    const rule = 'nobody has more than one person may in a whole event';
    await setByHand('max_per_person = 2');
    await book('ann', 2);
    expect(await brokenRules()).toEqual([]);
    await setByHand('max_per_person = 1');
    expect(await brokenRules()).toEqual([rule]);
    await setByHand('max_per_person = 2');
    await run({ kind: 'configure', sectionId, rules: { maxPerPerson: 1 } });
    expect(await brokenRules()).toEqual([]);
  });

  it('allows a promotion before an older entry if the fit was changed, and only then', async () => {
    const rule = 'no entry waits that is older than a promoted one';
    await setByHand("fit = 'skip'");
    await book('ann', 2);
    await book('ben', 2);
    await book('cyd', 1);
    const target = { by: 'newest', quantity: 1 } as const;
    await run({ kind: 'cancel', sectionId, person: someone('ann'), target });
    expect(await brokenRules()).toEqual([]);
    await setByHand("fit = 'strict'");
    expect(await brokenRules()).toContain(rule);
    await setByHand("fit = 'skip'");
    await run({ kind: 'configure', sectionId, rules: { fit: 'strict' } });
    expect(await brokenRules()).toEqual([]);
  });
});
