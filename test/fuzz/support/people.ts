import type { RandomChoices } from './random-choices.js';
import { CANARY, TEXTS } from './hostile-values.js';

/** Few, so that the same people book, wait and cancel again. */
const PEOPLE = 5;

/** An identifier, which must not appear in the log. */
export const personNamed = (nth: number): string => `person-${nth}@${CANARY}.example`;

/** Names that nobody should have but nothing forbids: they reach the database. */
const ODD_NAMES: readonly string[] = [
  ...TEXTS.filter((text) => /^\P{Cc}+$/u.test(text) && text.isWellFormed() && text.trim() !== ''),
  `${CANARY}${"'".repeat(255 - CANARY.length)}`,
  `${CANARY}${'😀'.repeat(255 - CANARY.length)}`,
];

/** Often the person who has the most to cancel. */
export const somebody = (random: RandomChoices): string =>
  random.percent(12)
    ? random.pick(ODD_NAMES)
    : personNamed(random.percent(40) ? 0 : random.below(PEOPLE));
