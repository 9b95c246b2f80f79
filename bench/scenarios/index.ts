import type { Scenario } from '../harness/scenario.js';
import { cancelPromote } from './cancel-promote.js';
import { expensiveReads } from './expensive-reads.js';
import { firstSecond } from './first-second.js';
import { flood } from './flood.js';
import { growth } from './growth.js';
import { hotEvent } from './hot-event.js';
import { lockedRow } from './locked-row.js';
import { lone } from './lone.js';
import { mixed } from './mixed.js';
import { overload } from './overload.js';
import { replay } from './replay.js';
import { soldOut } from './sold-out.js';
import { status } from './status.js';
import { thousandEvents } from './thousand-events.js';
import { unread } from './unread.js';

export const SCENARIOS: readonly Scenario[] = [
  firstSecond,
  hotEvent,
  thousandEvents,
  lone,
  soldOut,
  cancelPromote,
  mixed,
  status,
  growth,
  replay,
  flood,
  overload,
  lockedRow,
  expensiveReads,
  unread,
];
