import type { Server } from './database.js';
import type { GeneratorProcess } from './generator-process.js';
import type { Profile } from './profile.js';
import type { Progress } from './progress.js';
import type { ScenarioResult } from './results.js';

/** What every scenario works with. */
export interface Bench {
  readonly profile: Profile;
  readonly server: Server;
  readonly generator: GeneratorProcess;
  readonly progress: Progress;
  /** Throw-away. */
  readonly folder: string;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Seconds of load, for the progress bar. */
  plannedSeconds(profile: Profile): number;
  run(bench: Bench): Promise<ScenarioResult>;
}
