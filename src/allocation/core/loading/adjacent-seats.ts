import type { SectionBatch } from './load-requirements.js';

interface Wish {
  readonly quantity: number;
  readonly seatIds?: readonly string[] | undefined;
}

/**
 * Whether the first free seats of a section are enough for a batch to seat each of its wishes together, in whatever
 * order it decides. A wish of `n` places needs a run of `n` free seats. Every other wish may break such runs: one of
 * `q` places at most `q / n` of them, rounded up, and one that names its seats at most one per seat.
 *
 * @param positions of the first free seats, in ascending order
 * @param waiting the entries in the windows of the section's waitlist
 */
export function hasRunsEnough(
  positions: readonly number[],
  { commands }: Pick<SectionBatch, 'commands'>,
  waiting: readonly { readonly quantity: number }[],
): boolean {
  const wishes: readonly Wish[] = [
    ...commands.flatMap((command) =>
      command.kind === 'book' || command.kind === 'hold' ? command : [],
    ),
    ...waiting,
  ];
  const sizes = new Set(wishes.filter(isPicked).map(({ quantity }) => quantity));
  const runs = lengthsOfRuns(positions);
  return [...sizes].every((size) => {
    const taken = wishes.reduce((sum, wish) => sum + runsTaken(wish, size), 0);
    return size === 1 || sumOf(runs.map((length) => Math.floor(length / size))) >= taken;
  });
}

const isPicked = ({ seatIds }: Wish): boolean => seatIds === undefined;

const runsTaken = ({ quantity, seatIds }: Wish, size: number): number =>
  seatIds === undefined ? Math.ceil(quantity / size) : seatIds.length;

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

function lengthsOfRuns(positions: readonly number[]): number[] {
  const lengths: number[] = [];
  for (const [index, position] of positions.entries()) {
    if (index > 0 && positions[index - 1] === position - 1) lengths[lengths.length - 1]! += 1;
    else lengths.push(1);
  }
  return lengths;
}
