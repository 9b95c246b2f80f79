import assert from 'node:assert/strict';
import type { Command } from '../../../src/allocation/core/commands.js';
import type { Outcome } from '../../../src/allocation/core/outcomes.js';
import { decide } from '../../../src/allocation/core/decide.js';
import { type StoredOutcome, toOutcome } from '../../../src/allocation/core/stored-outcome.js';
import type { SectionState, Message } from '../../../src/allocation/core/section-state.js';
import { expireOverdue } from '../../../src/allocation/core/rules/expire.js';
import type { WaitlistEntry } from '../../../src/allocation/core/waitlist/waitlist-entry.js';
import { loadBatch, type LoadLimits } from '../support/load-batch.js';
import { Tables } from '../support/tables.js';
import { assertPlainData } from './plain-data.js';
import { checkClaims, checkSection } from './invariants.js';
import { type Choose, ReferenceModel } from './reference-model.js';
import { Replay } from './replay.js';
import { type Question, resolve } from './resolve.js';
import { emptySection, seatsOf } from './sections.js';
import type { Batch, Story } from './steps.js';
import { codeOf, tell } from './told.js';

export type Tally = Map<string, number>;

const BEGINNING = Date.UTC(2026, 0, 1);
const SEATS_ALL = 1000;
const VOID_CHUNK = 2;

/** What may come to pass without anything having changed. */
const MAY_BE_NOTHING = new Set(['swept', 'configured', 'opened', 'closed', 'resized', 'voided']);

/** One section: where its rows are, as the model has it, and as its messages tell it. */
export interface Place {
  readonly sectionId: string;
  readonly model: ReferenceModel;
  readonly replay: Replay;
  /** Whether its limits are what they were from the beginning: only then must all keep to them. */
  areLimitsOriginal: boolean;
  /** Whether more was overdue in its last batch than one ends. */
  isExpiryCut: boolean;
}

/** A batch that was played, and what its commands came to. */
export interface Played {
  readonly now: Date;
  readonly commands: readonly Command[];
  readonly outcomes: readonly Outcome[];
}

/** Runs the same story on the rules, batch by batch, and on the reference model, and compares. */
export class World {
  readonly tables = new Tables();
  /** How often each kind of outcome, refusal and message was met. */
  readonly met: Tally = new Map();
  windowsCut = 0;
  /** How often holds were left overdue by a batch. */
  expiryCut = 0;
  /** What was played, so that it can be played again elsewhere. */
  readonly played: Played[] = [];
  private readonly places: readonly Place[];
  private readonly sight: LoadLimits;
  private seconds = 0;
  private idsMade = 0;

  constructor({ sections, seatsInSight, expiry }: Story, voidRemaining = VOID_CHUNK) {
    const event: ReferenceModel[] = [];
    this.sight = { seats: seatsInSight, voidRemaining, expiry };
    this.places = sections.map((plan, index) => {
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

  /** However little one batch ends, in the end nothing is left overdue: each gets on with it. */
  private drain(): void {
    for (;;) {
      const late = this.places.filter(({ model }) => model.overdue.length > 0);
      if (late.length === 0) return;
      const before = late.map(({ model }) => model.overdue.length);
      const steps = late.map((place) => {
        return { kind: 'expire', section: this.places.indexOf(place) } as const;
      });
      this.runBatch({ seconds: 0, steps });
      assert.notDeepEqual(
        late.map(({ model }) => model.overdue.length),
        before,
        'none was ended',
      );
    }
  }

  private runBatch({ seconds, steps }: Batch): void {
    this.seconds += seconds;
    const questions = steps.map((step) => {
      return resolve(this.tables, this.places[step.section]!, step, this.sight.voidRemaining);
    });
    const now = new Date(BEGINNING + this.seconds * 1000);
    // Like our UUIDs: who is made later sorts later.
    const newId = () => `id-${String((this.idsMade += 1)).padStart(6, '0')}`;
    const commands = questions.map(({ command }) => command);
    for (const { model } of this.places) model.now = this.seconds;
    const concerned = holdsConcerned(this.tables, commands);
    const loaded = loadBatch(this.tables, commands, { now, newId }, this.sight);
    const { states } = loaded;
    this.windowsCut += loaded.windowsCut;
    for (const [sectionId, state] of states) {
      this.begin(state, this.placeOf(sectionId), loaded.ended.get(sectionId)!, concerned);
    }
    const outcomes = questions.map((question) => {
      const { sectionId } = question.command;
      return this.decide(states.get(sectionId)!, question, this.placeOf(sectionId));
    });
    this.played.push({ now, commands, outcomes });
    for (const state of states.values()) this.commit(state, now);
    checkClaims(this.tables, this.places, now);
  }

  /** @param countMax overdue holds that are ended whether or not anybody asks for them */
  private begin(
    state: SectionState,
    place: Place,
    countMax: number,
    concerned: ReadonlySet<string>,
  ): void {
    const { sectionId, model } = place;
    place.isExpiryCut = model.overdue.length > countMax;
    expireOverdue(state);
    const ids = this.tables.holds.of(sectionId).map(({ id }) => id);
    const isConcerned = (number: number) => concerned.has(ids[number]!);
    this.follow(model, state.messages, () => model.begin(countMax, isConcerned));
    if (model.overdue.length > 0) this.expiryCut += 1;
  }

  private decide(state: SectionState, { command, askModel }: Question, place: Place): Outcome {
    const { row } = state.section;
    const told = state.messages.length;
    const outcome = decide(state, command);
    const messages = state.messages.slice(told);
    assertPlainData(command);
    assertPlainData(outcome);
    assert.deepEqual(toOutcome(JSON.parse(JSON.stringify(outcome)) as StoredOutcome), outcome);
    const expected = this.follow(place.model, messages, askModel);
    assert.deepEqual({ command, told: tell(outcome) }, { command, told: expected });
    if (outcome.kind === 'refused')
      assert.equal(state.section.row, row, 'a refusal changed something');
    else if (!MAY_BE_NOTHING.has(outcome.kind)) assert.ok(messages.length > 0, 'nothing was told');
    if (outcome.kind === 'swept' && place.model.overdue.length > 0) {
      assert.ok(outcome.hasMore, 'nobody would come again');
    }
    if (command.kind === 'configure') place.areLimitsOriginal = false;
    this.tally(codeOf(outcome));
    return outcome;
  }

  /** Has the model do the same. Which seats were given it is told, and has its own opinion of them. */
  private follow<T>(model: ReferenceModel, messages: readonly Message[], act: () => T): T {
    const picks = messages.filter(isPick).map(({ payload }) => payload['seatIds'] as string[]);
    const choose: Choose = (best, free) => {
      const chosen = picks.shift() ?? [];
      assert.ok(chosen.length === best.length && chosen.every((id) => free.includes(id)));
      if (this.sight.seats >= SEATS_ALL) assert.deepEqual(chosen, best, 'not the best seats');
      return chosen;
    };
    model.choose = choose;
    return act();
  }

  private commit(state: SectionState, now: Date): void {
    const place = this.placeOf(state.section.row.id);
    const before = this.tables.sections.get(place.sectionId);
    this.tables.commit(state);
    for (const message of state.messages) {
      place.replay.live(message);
      this.tally(message.type);
    }
    checkSection(this.tables, place, before, now);
  }

  private placeOf(sectionId: string): Place {
    return this.places.find((place) => place.sectionId === sectionId)!;
  }

  private tally(name: string): void {
    this.met.set(name, (this.met.get(name) ?? 0) + 1);
  }
}

/** Holds that commands name, themselves or by whom they are offered to: all that are known by id. */
function holdsConcerned(tables: Tables, commands: readonly Command[]): ReadonlySet<string> {
  const ids = commands.flatMap((command) => {
    if ('holdId' in command) return command.holdId;
    const isMeant = ({ id, sectionId, userId }: WaitlistEntry): boolean =>
      ('entryId' in command && id === command.entryId) ||
      ((command.kind === 'book' || command.kind === 'cancel') &&
        sectionId === command.sectionId &&
        userId === command.userId);
    return tables.entries.all.filter(isMeant).flatMap(({ holdId }) => holdId ?? []);
  });
  return new Set(ids);
}

/** Free places were given to somebody. */
const isPick = ({ type, payload }: Message): boolean =>
  type === 'hold.created' || (type === 'booking.confirmed' && payload['holdId'] === null);
