import type { Scenario } from '../harness/scenario.js';
import { cancelPromote } from './cancel-promote.js';
import { flood } from './flood.js';
import { growth } from './growth.js';
import { hotEvent } from './hot-event.js';
import { lone } from './lone.js';
import { mixed } from './mixed.js';
import { replay } from './replay.js';
import { soldOut } from './sold-out.js';
import { status } from './status.js';
import { thousandEvents } from './thousand-events.js';

export const SCENARIOS: readonly Scenario[] = [
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
];
