import type { Dice } from './dice.js';
import { CANARY } from './hostile-values.js';

/** Few, so that the same people book, wait and cancel again. */
const PEOPLE = 5;

/** Whose identifier no log may know. */
export const personNamed = (nth: number): string => `person-${nth}@${CANARY}.example`;

/** Often the one who has most to give back. */
export const somebody = (dice: Dice): string =>
  personNamed(dice.percent(40) ? 0 : dice.below(PEOPLE));
