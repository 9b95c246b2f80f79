import type { SectionRules } from '../state/section-rules.js';
import type { ConfigureCommand, ResizeCommand } from '../commands.js';
import type { Desk } from '../section-state.js';
import { countExpired, mayBeOverdue } from './expire.js';
import { type Outcome, refused } from '../outcomes.js';
import { endEntry } from './place-changes.js';
import { promote } from './promote.js';

/**
 * Adds places, which go to the line at once, or takes free ones away. Who then waits for more than
 * there could ever be is sent home: at the head of a strict line nobody behind him would be served.
 */
export function resize(desk: Desk, { capacity }: ResizeCommand): Outcome {
  const { isSeated, booked, held, capacity: before } = desk.section.now;
  if (isSeated) return refused({ code: 'section_seated' });
  const sold = booked + held;
  if (capacity < sold) return refused({ code: 'capacity_below_sold', requested: capacity, sold });
  if (capacity !== before) {
    desk.section.resize(capacity);
    desk.tell('section.resized', { capacity, before });
    if (capacity < before) voidImpossible(desk, capacity);
    promote(desk);
  }
  return { kind: 'resized', section: desk.section.now };
}

/** Changes settings. Whose turn it is may be among them, so the line is asked again. */
export function configure(desk: Desk, { rules: wanted }: ConfigureCommand): Outcome {
  const changed = differing(desk.section.now.rules, wanted);
  if (Object.keys(changed).length > 0) {
    desk.section.setRules({ ...desk.section.now.rules, ...changed });
    desk.tell('section.configured', { ...changed });
    promote(desk);
  }
  return { kind: 'configured', section: desk.section.now };
}

export function open(desk: Desk): Outcome {
  if (desk.section.now.sales !== 'OPEN') {
    desk.section.setSales('OPEN');
    desk.tell('section.opened', {});
    promote(desk);
  }
  return { kind: 'opened', section: desk.section.now };
}

export function close(desk: Desk): Outcome {
  if (desk.section.now.sales !== 'CLOSED') {
    desk.section.setSales('CLOSED');
    desk.tell('section.closed', {});
  }
  return { kind: 'closed', section: desk.section.now };
}

/** Only asks: what was overdue has expired before the first command of the batch. */
export function expire(desk: Desk): Outcome {
  return { kind: 'swept', expired: countExpired(desk), hasMore: mayBeOverdue(desk) };
}

function voidImpossible(desk: Desk, capacity: number): void {
  for (const { id } of desk.line.waitingForMoreThan(capacity)) endEntry(desk, id, 'VOIDED');
}

function differing(rules: SectionRules, wanted: Partial<SectionRules>): Partial<SectionRules> {
  const settings = Object.entries(wanted) as [keyof SectionRules, unknown][];
  const changed = settings.filter(([name, value]) => value !== undefined && value !== rules[name]);
  return Object.fromEntries(changed);
}
