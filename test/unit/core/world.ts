import assert from 'node:assert/strict';
import type { Command } from '../../../src/allocation/core/commands.js';
import type { Outcome } from '../../../src/allocation/core/outcomes.js';
import { decide } from '../../../src/allocation/core/decide.js';
import { type StoredOutcome, toOutcome } from '../../../src/allocation/core/stored-outcome.js';
import type { SectionState, Message } from '../../../src/allocation/core/section-state.js';
import { expireOverdue } from '../../../src/allocation/core/rules/expire.js';
import type { WaitlistEntry } from '../../../src/allocation/core/waitlist/waitlist-entry.js';
import { loadBatch, type LoadLimits } from '../support/load-batch.js';
import type { Price } from '../../../src/allocation/core/state/price.js';
import { Tables } from '../support/tables.js';
import { assertPlainData } from './plain-data.js';
import { checkPersonLimits, checkPrices, checkSection } from './invariants.js';
import { type Choose, ReferenceModel } from './reference-model.js';
import { Replay } from './replay.js';
import { type ResolvedStep, resolve } from './resolve.js';
import { emptySection, seatsOf } from './sections.js';
import type { Batch, Story } from './steps.js';
import { codeOf, summarise } from './summaries.js';

export type Tally = Map<string, number>;

const BEGINNING = Date.UTC(2026, 0, 1);
const SEATS_ALL = 1000;
const VOID_CHUNK = 2;

/** Outcomes of commands that may change nothing. */
const MAY_CHANGE_NOTHING = new Set([
  'swept',
  'configured',
  'opened',
  'closed',
  'resized',
  'voided',
]);

/** One section: its rows, its reference model, and the replay of its messages. */
export interface SectionUnderTest {
  readonly sectionId: string;
  readonly model: ReferenceModel;
  readonly replay: Replay;
  /** Whether its limits never changed: only then does everyone keep to them. */
  areLimitsOriginal: boolean;
  /** Whether its last batch left overdue holds. */
  isExpiryCut: boolean;
}

/** A batch that was played, with the outcomes of its commands. */
export interface Played {
  readonly now: Date;
  /** Of all sections, since before this batch. */
  readonly price: Price | null;
  readonly commands: readonly Command[];
  readonly outcomes: readonly Outcome[];
}

/** Plays a story on the rules, batch by batch, and on the reference model, and compares them. */
export class World {
  readonly tables = new Tables();
  /** How often each kind of outcome, refusal and message occurred. */
  readonly met: Tally = new Map();
  windowsCut = 0;
  /** How often a batch left overdue holds. */
  expiryCut = 0;
  /** All batches, to be played again on a database. */
  readonly played: Played[] = [];
  private readonly sections: readonly SectionUnderTest[];
  private readonly limits: LoadLimits;
  private seconds = 0;
  private idsMade = 0;

  constructor({ sections, seatsToChooseFrom, expiry }: Story, voidRemaining = VOID_CHUNK) {
    const event: ReferenceModel[] = [];
    this.limits = { seats: seatsToChooseFrom, voidRemaining, expiry };
    this.sections = sections.map((plan, index) => {
      const section = emptySection(`section-${index}`, plan);
      const seats = plan.isSeated ? seatsOf(section.id, plan.capacity) : undefined;
      this.tables.sections.insert(section);
      for (const seat of seats ?? []) this.tables.seats.insert(seat);
      const model = new ReferenceModel(
        event,
        section.capacity,
        seats,
        section.rules,
        section.sales,
      );
      event.push(model);
      const replay = new Replay(section);
      return { sectionId: section.id, model, replay, areLimitsOriginal: true, isExpiryCut: false };
    });
  }

  static play(story: Story, voidRemaining?: number): World {
    const world = new World(story, voidRemaining);
    for (const batch of story.batches) world.runBatch(batch);
    world.drain();
    return world;
  }

  /** However few holds one batch ends, repeated batches end them all. */
  private drain(): void {
    for (;;) {
      const overdue = this.sections.filter(({ model }) => model.overdue.length > 0);
      if (overdue.length === 0) return;
      const before = overdue.map(({ model }) => model.overdue.length);
      const steps = overdue.map((tested) => {
        return { kind: 'sweep', section: this.sections.indexOf(tested) } as const;
      });
      this.runBatch({ seconds: 0, steps });
      assert.notDeepEqual(
        overdue.map(({ model }) => model.overdue.length),
        before,
        'no overdue hold was ended',
      );
    }
  }

  private runBatch({ seconds, steps }: Batch): void {
    this.seconds += seconds;
    const resolved = steps.map((step) => {
      return resolve(this.tables, this.sections[step.section]!, step, this.limits.voidRemaining);
    });
    const now = new Date(BEGINNING + this.seconds * 1000);
    // Like UUIDs of version 7: later ids sort later.
    const newId = () => `id-${String((this.idsMade += 1)).padStart(6, '0')}`;
    const commands = resolved.map(({ command }) => command);
    for (const { model } of this.sections) model.now = this.seconds;
    const price = this.editPrice();
    const concerned = holdsConcerned(this.tables, commands);
    const loaded = loadBatch(this.tables, commands, { now, newId }, this.limits);
    const { states } = loaded;
    this.windowsCut += loaded.windowsCut;
    for (const [sectionId, state] of states) {
      this.begin(state, this.placeOf(sectionId), loaded.ended.get(sectionId)!, concerned);
    }
    const outcomes = resolved.map((question) => {
      const { sectionId } = question.command;
      return this.decide(states.get(sectionId)!, question, this.placeOf(sectionId));
    });
    this.played.push({ now, price, commands, outcomes });
    for (const state of states.values()) this.commit(state, now);
    checkPersonLimits(this.tables, this.sections, now);
  }

  /** The organiser edits the price before each batch; sometimes there is none. */
  private editPrice(): Price | null {
    const nth = this.played.length;
    const price = nth % 3 === 0 ? null : { amount: nth, currency: 'EUR' };
    for (const { id, price: before } of this.tables.sections.all) {
      if (price !== before) this.tables.sections.update(id, { price });
    }
    return price;
  }

  /** @param countMax overdue holds that are ended even if no command names them */
  private begin(
    state: SectionState,
    tested: SectionUnderTest,
    countMax: number,
    concerned: ReadonlySet<string>,
  ): void {
    const { sectionId, model } = tested;
    tested.isExpiryCut = model.overdue.length > countMax;
    expireOverdue(state);
    const ids = this.tables.holds.of(sectionId).map(({ id }) => id);
    const isConcerned = (number: number) => concerned.has(ids[number]!);
    this.follow(model, state.messages, () => model.begin(countMax, isConcerned));
    if (model.overdue.length > 0) this.expiryCut += 1;
  }

  private decide(
    state: SectionState,
    { command, askModel }: ResolvedStep,
    tested: SectionUnderTest,
  ): Outcome {
    const { row } = state.section;
    const before = state.messages.length;
    const outcome = decide(state, command);
    const messages = state.messages.slice(before);
    assertPlainData(command);
    assertPlainData(outcome);
    assert.deepEqual(toOutcome(JSON.parse(JSON.stringify(outcome)) as StoredOutcome), outcome);
    const expected = this.follow(tested.model, messages, askModel);
    assert.deepEqual({ command, summary: summarise(outcome) }, { command, summary: expected });
    if (outcome.kind === 'refused')
      assert.equal(state.section.row, row, 'a refusal changed something');
    else if (!MAY_CHANGE_NOTHING.has(outcome.kind))
      assert.ok(messages.length > 0, 'a change was not reported');
    if (outcome.kind === 'swept' && tested.model.overdue.length > 0) {
      assert.ok(outcome.hasMore, 'overdue holds are left but hasMore is false');
    }
    if (command.kind === 'configure') tested.areLimitsOriginal = false;
    this.tally(codeOf(outcome));
    return outcome;
  }

  /** Has the model do the same with the seats that were given, and checks that these are the best. */
  private follow<T>(model: ReferenceModel, messages: readonly Message[], act: () => T): T {
    const picks = messages
      .filter(givesFreePlaces)
      .map(({ payload }) => payload['seatIds'] as string[]);
    const choose: Choose = (best, free) => {
      const chosen = picks.shift() ?? [];
      assert.ok(chosen.length === best.length && chosen.every((id) => free.includes(id)));
      if (this.limits.seats >= SEATS_ALL) assert.deepEqual(chosen, best, 'not the best seats');
      return chosen;
    };
    model.choose = choose;
    return act();
  }

  private commit(state: SectionState, now: Date): void {
    const tested = this.placeOf(state.section.row.id);
    const before = this.tables.sections.get(tested.sectionId);
    this.tables.commit(state);
    checkPrices(this.tables, state);
    for (const message of state.messages) {
      tested.replay.apply(message);
      this.tally(message.type);
    }
    checkSection(this.tables, tested, before, now);
  }

  private placeOf(sectionId: string): SectionUnderTest {
    return this.sections.find((tested) => tested.sectionId === sectionId)!;
  }

  private tally(name: string): void {
    this.met.set(name, (this.met.get(name) ?? 0) + 1);
  }
}

/** Holds that commands name, by their own id or through a waitlist entry. */
function holdsConcerned(tables: Tables, commands: readonly Command[]): ReadonlySet<string> {
  const ids = commands.flatMap((command) => {
    if ('holdId' in command) return command.holdId;
    const isNamed = ({ id, sectionId, userId }: WaitlistEntry): boolean =>
      ('entryId' in command && id === command.entryId) ||
      ((command.kind === 'book' || command.kind === 'cancel') &&
        sectionId === command.sectionId &&
        userId === command.userId);
    return tables.entries.all.filter(isNamed).flatMap(({ holdId }) => holdId ?? []);
  });
  return new Set(ids);
}

/** Whether the message says that free places were given away. */
const givesFreePlaces = ({ type, payload }: Message): boolean =>
  type === 'hold.created' || (type === 'booking.confirmed' && payload['holdId'] === null);
