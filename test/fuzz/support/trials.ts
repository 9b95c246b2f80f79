import { intensity } from '../../setup/intensity.js';
import { planned } from './campaign.js';
import { RandomChoices } from './random-choices.js';

type Trial = (random: RandomChoices, nth: number) => Promise<void>;

/** The trials of one seed, which is the same for all tests of a file. */
export class Trials {
  private readonly plan = planned();

  /**
   * Makes one trial after the other; prints the seed, so that they can be repeated.
   *
   * @throws {Error} that says how to repeat the trial that failed
   */
  async run(trial: Trial, count = intensity('FUZZ_TRIALS')): Promise<void> {
    const { seed, only } = this.plan;
    process.stderr.write(`fuzz: FUZZ_SEED=${seed}\n`);
    const numbers = only === undefined ? Array.from({ length: count }, (_, nth) => nth) : [only];
    for (const nth of numbers) {
      try {
        await trial(new RandomChoices(seed, nth), nth);
      } catch (error) {
        const how = `FUZZ_SEED=${seed} FUZZ_ONLY=${nth}`;
        throw new Error(`${how}\n${(error as Error).message}`, { cause: error });
      }
    }
  }
}
