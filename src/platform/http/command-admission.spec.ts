import { EventEmitter } from 'node:events';
import { IncomingMessage, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { CommandAdmission, Visit } from './command-admission.js';

const BEGUN_MAX = 2;
const WAIT_MS_MAX = 10_000;

const event = (number: number): string => `01890000-0000-7000-8000-00000000000${number}`;

/** An admission of which two requests of an event may begin, and whose steps are noted. */
class Desk {
  readonly begun: string[] = [];
  readonly refused: string[] = [];
  readonly ended: string[] = [];
  readonly inside: string[] = [];
  retryAfter: number | undefined;
  readonly visits = new Map<string, Visit>();
  private readonly admission = new CommandAdmission(
    {
      begin: ({ route }) => void this.begun.push(route),
      hold: () => undefined,
      refuse: (visit, seconds) => {
        this.refused.push(`${visit.route}: ${seconds}`);
        visit.response.emit('close');
      },
      end: ({ route }) => void this.ended.push(route),
    },
    {
      late: 0,
      waitMsMax: WAIT_MS_MAX,
      tryEnter: (key) => {
        if (this.retryAfter === undefined) this.inside.push(key);
        return this.retryAfter;
      },
      leave: (key) => void this.inside.splice(this.inside.indexOf(key), 1),
    },
    (eventId) => eventId,
    BEGUN_MAX,
  );

  async arrive(name: string, eventId: string): Promise<void> {
    const request = new IncomingMessage(new Socket());
    const response = new EventEmitter() as ServerResponse;
    const visit = new Visit(request, response, name);
    this.visits.set(name, visit);
    this.admission.arrive(visit);
    request.push(`{"eventId":"${eventId}"}`);
    request.complete = true;
    request.push(null);
    await new Promise(setImmediate);
  }

  /** Its response has been sent, or its client has disconnected. */
  close(...names: string[]): void {
    for (const name of names) this.visits.get(name)!.response.emit('close');
  }
}

describe('the admission of commands', () => {
  let desk: Desk;
  beforeEach(() => (desk = new Desk()));

  async function arriveAll(eventId: string, ...names: string[]): Promise<void> {
    for (const name of names) await desk.arrive(name, eventId);
  }

  it('lets as many begin as may, and the others in the order of their arrival', async () => {
    // The first two begin without a look at their event, and do not count for it.
    await arriveAll(event(1), 'a', 'b', 'c', 'd', 'e', 'f');
    expect(desk.begun).toEqual(['a', 'b', 'c', 'd']);
    desk.close('c');
    desk.close('d');
    expect(desk.begun).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('lets nobody overtake those who wait', async () => {
    await arriveAll(event(1), 'a', 'b', 'c', 'd', 'e');
    desk.close('a', 'b');
    await arriveAll(event(1), 'f');
    expect(desk.begun).toEqual(['a', 'b', 'c', 'd']);
    desk.close('c', 'd');
    expect(desk.begun).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('lets the requests of other events begin while those of one wait', async () => {
    await arriveAll(event(1), 'a', 'b', 'c', 'd', 'e');
    await arriveAll(event(2), 'other');
    expect(desk.begun).toEqual(['a', 'b', 'c', 'd', 'other']);
  });

  it('refuses those whose wait would be too long, and begins nothing for them', async () => {
    await arriveAll(event(1), 'a', 'b', 'c', 'd', 'e');
    desk.retryAfter = 7;
    await arriveAll(event(1), 'late');
    expect(desk.refused).toEqual(['late: 7']);
    expect(desk.ended).toEqual(['late']);
    expect(desk.begun).not.toContain('late');
  });

  it('passes over those who have disconnected', async () => {
    await arriveAll(event(1), 'a', 'b', 'c', 'd', 'gone', 'f');
    desk.close('gone', 'c');
    expect(desk.ended).toEqual(['gone']);
    expect(desk.begun).toEqual(['a', 'b', 'c', 'd', 'f']);
  });

  it('keeps no later requests in memory for one that has begun', async () => {
    await arriveAll(event(1), 'a', 'b', 'c', 'd', 'e', 'f', 'g');
    desk.close('c', 'd');
    expect(desk.begun).toContain('e');
    expect(desk.visits.get('e')!.next).toBeUndefined();
  });

  it('is empty once everybody has left', async () => {
    await arriveAll(event(1), 'a', 'b', 'c', 'd', 'e');
    desk.close('a', 'b', 'c', 'd', 'e');
    expect(desk.inside).toEqual([]);
    await arriveAll(event(1), 'x', 'y');
    expect(desk.begun.slice(-2)).toEqual(['x', 'y']);
    expect(desk.inside).toEqual([]);
  });

  it('refuses those who have waited twice as long as they should', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    try {
      await arriveAll(event(1), 'a', 'b', 'c', 'd', 'e');
      jest.advanceTimersByTime(WAIT_MS_MAX - 1_000);
      expect(desk.refused).toEqual([]);
      jest.advanceTimersByTime(2_000);
      expect(desk.refused).toEqual(['e: 1']);
    } finally {
      jest.useRealTimers();
    }
  });
});
