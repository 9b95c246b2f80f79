import type { SectionRules } from '../state/section-rules.js';
import type { ConfigureCommand, ResizeCommand } from '../commands.js';
import { emit, type SectionState } from '../section-state.js';
import { type Outcome, refused } from '../outcomes.js';
import { endEntry } from './place-changes.js';
import { promote } from './promote.js';

/**
 * Adds places, which go to the waitlist first, or removes free ones. Entries that want more than the
 * new capacity are voided: at the head of a strict waitlist they would block it forever.
 */
export function resize(state: SectionState, { capacity }: ResizeCommand): Outcome {
  const { isSeated, booked, held, capacity: before } = state.section.row;
  if (isSeated) return refused({ code: 'section_seated' });
  const sold = booked + held;
  if (capacity < sold) return refused({ code: 'capacity_below_sold', requested: capacity, sold });
  if (capacity !== before) {
    state.section.resize(capacity);
    emit(state, 'section.resized', { capacity, before });
    if (capacity < before) voidImpossible(state, capacity);
    promote(state);
  }
  return { kind: 'resized', section: state.section.row };
}

/**
 * Changes the section's rules. They decide which entry is next, so the waitlist is served again; also without a
 * change, for places that a repair has found to be free.
 */
export function configure(state: SectionState, { rules }: ConfigureCommand): Outcome {
  const changed = changedRules(state.section.row.rules, rules);
  if (Object.keys(changed).length > 0) {
    state.section.setRules({ ...state.section.row.rules, ...changed });
    emit(state, 'section.configured', { ...changed });
  }
  promote(state);
  return { kind: 'configured', section: state.section.row };
}

export function open(state: SectionState): Outcome {
  if (state.section.row.sales !== 'OPEN') {
    state.section.setSales('OPEN');
    emit(state, 'section.opened', {});
    promote(state);
  }
  return { kind: 'opened', section: state.section.row };
}

export function close(state: SectionState): Outcome {
  if (state.section.row.sales !== 'CLOSED') {
    state.section.setSales('CLOSED');
    emit(state, 'section.closed', {});
  }
  return { kind: 'closed', section: state.section.row };
}

function voidImpossible(state: SectionState, capacity: number): void {
  const impossible = state.waitlist.waitingForMoreThan(capacity);
  for (const { id } of impossible) endEntry(state, id, 'VOIDED');
}

function changedRules(current: SectionRules, next: Partial<SectionRules>): Partial<SectionRules> {
  const rules = Object.entries(next) as [keyof SectionRules, unknown][];
  const changed = rules.filter(([name, value]) => value !== undefined && value !== current[name]);
  return Object.fromEntries(changed);
}
