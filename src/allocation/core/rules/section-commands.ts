import type { SectionRules } from '../state/section-rules.js';
import type { ConfigureCommand, ResizeCommand } from '../commands.js';
import type { SectionState } from '../section-state.js';
import { countExpired, mayBeOverdue } from './expire.js';
import { type Outcome, refused } from '../outcomes.js';
import { endEntry } from './place-changes.js';
import { promote } from './promote.js';

/**
 * Adds places, which go to the line at once, or takes free ones away. Who then waits for more than
 * there could ever be is sent home: at the head of a strict line nobody behind him would be served.
 */
export function resize(state: SectionState, { capacity }: ResizeCommand): Outcome {
  const { isSeated, booked, held, capacity: before } = state.section.row;
  if (isSeated) return refused({ code: 'section_seated' });
  const sold = booked + held;
  if (capacity < sold) return refused({ code: 'capacity_below_sold', requested: capacity, sold });
  if (capacity !== before) {
    state.section.resize(capacity);
    state.emit('section.resized', { capacity, before });
    if (capacity < before) voidImpossible(state, capacity);
    promote(state);
  }
  return { kind: 'resized', section: state.section.row };
}

/** Changes settings. Whose turn it is may be among them, so the line is asked again. */
export function configure(state: SectionState, { rules: wanted }: ConfigureCommand): Outcome {
  const changed = differing(state.section.row.rules, wanted);
  if (Object.keys(changed).length > 0) {
    state.section.setRules({ ...state.section.row.rules, ...changed });
    state.emit('section.configured', { ...changed });
    promote(state);
  }
  return { kind: 'configured', section: state.section.row };
}

export function open(state: SectionState): Outcome {
  if (state.section.row.sales !== 'OPEN') {
    state.section.setSales('OPEN');
    state.emit('section.opened', {});
    promote(state);
  }
  return { kind: 'opened', section: state.section.row };
}

export function close(state: SectionState): Outcome {
  if (state.section.row.sales !== 'CLOSED') {
    state.section.setSales('CLOSED');
    state.emit('section.closed', {});
  }
  return { kind: 'closed', section: state.section.row };
}

/** Only asks: what was overdue has expired before the first command of the batch. */
export function expire(state: SectionState): Outcome {
  return { kind: 'swept', expired: countExpired(state), hasMore: mayBeOverdue(state) };
}

function voidImpossible(state: SectionState, capacity: number): void {
  for (const { id } of state.waitlist.loadedWaitingForMoreThan(capacity))
    endEntry(state, id, 'VOIDED');
}

function differing(rules: SectionRules, wanted: Partial<SectionRules>): Partial<SectionRules> {
  const settings = Object.entries(wanted) as [keyof SectionRules, unknown][];
  const changed = settings.filter(([name, value]) => value !== undefined && value !== rules[name]);
  return Object.fromEntries(changed);
}
