import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { LockedSection } from '../core/state/locked-section.js';
import { StaleReadError } from '../../platform/database/index.js';
import type { CommandRequest } from './command-request.js';

/** Sections remembered: about 20 MB at the most. */
const SECTIONS_MAX = 100_000;

/**
 * Where one person may only have so many places in a whole event, two sections of it must not be
 * decided about at once: both lock the event's first section as well. Whether a section has such a
 * limit is known only once it is locked, so a batch that finds one it did not expect begins again;
 * the next ones expect it.
 */
@Injectable()
export class CrossSectionLocks {
  private readonly firstSections = new LRUCache<string, string>({ max: SECTIONS_MAX });

  /** Sections to be locked beside those that the requests name. */
  expected(requests: readonly CommandRequest[]): readonly string[] {
    return takersOf(requests).flatMap((id) => this.firstSections.get(id) ?? []);
  }

  /**
   * @returns the first sections on which a limit relies
   * @throws {StaleReadError} if one of them is not locked: the batch must begin again
   */
  check(
    requests: readonly CommandRequest[],
    locked: ReadonlyMap<string, LockedSection>,
  ): readonly string[] {
    const relied = takersOf(requests).flatMap((id) => this.learn(locked.get(id)) ?? []);
    const missing = relied.filter((id) => !locked.has(id));
    if (missing.length === 0) return [...new Set(relied)];
    throw new StaleReadError(new Error(`Sections ${missing.join()} must be locked as well`));
  }

  private learn(section: LockedSection | undefined): string | undefined {
    if (section === undefined) return undefined;
    const { id, firstSectionId, rules } = section.row;
    if (firstSectionId === null) return undefined;
    if (rules.maxPerPerson === null) {
      this.firstSections.delete(id);
      return undefined;
    }
    this.firstSections.set(id, firstSectionId);
    return firstSectionId;
  }
}

/**
 * Who wants places that he does not have, and who takes those that he has at their last moment: a
 * batch that comes after that moment must see them as booked, or nobody would count them. What else
 * moves places, a promotion above all, only makes of one kind what was of another at any moment.
 */
const TAKES: ReadonlySet<CommandRequest['kind']> = new Set<CommandRequest['kind']>([
  'book',
  'hold',
  'confirm',
  'accept',
]);

/** Sections of which somebody takes places. */
const takersOf = (requests: readonly CommandRequest[]): string[] => {
  const takers = requests.filter(({ kind }) => TAKES.has(kind));
  return [...new Set(takers.map(({ sectionId }) => sectionId))];
};
