import { Clock } from '../../platform/common/index.js';
import type { TransactionRunner } from '../../platform/database/index.js';
import { UsersRepository } from '../../users/index.js';
import { BookingsRepository } from '../storage/bookings.repository.js';
import { HoldsRepository } from '../storage/holds.repository.js';
import { PersonAllocationsRepository } from '../storage/person-allocations.repository.js';
import { SeatsRepository } from '../storage/seats.repository.js';
import { SectionsRepository } from '../storage/sections.repository.js';
import { WaitlistRepository } from '../storage/waitlist.repository.js';
import { AllocationEngine } from './allocation-engine.js';
import { BatchLock } from './batch-lock.js';
import { BatchWriter } from './batch-writer.js';
import { SectionStateLoader } from './section-state-loader.js';

/** The engine for a command, which has no Nest application. */
export function engineOn(transactions: TransactionRunner): AllocationEngine {
  const users = new UsersRepository();
  const bookings = new BookingsRepository();
  const holds = new HoldsRepository();
  const seats = new SeatsRepository();
  const sections = new SectionsRepository();
  const waitlist = new WaitlistRepository();
  const allocations = new PersonAllocationsRepository();
  return new AllocationEngine(
    transactions,
    new BatchLock(sections, users, new Clock()),
    new SectionStateLoader(waitlist, bookings, holds, seats, allocations),
    new BatchWriter(users, bookings, holds, waitlist, sections),
  );
}
