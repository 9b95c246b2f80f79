import type { Server } from './database.js';
import type { GeneratorProcess } from './generator-process.js';
import type { Profile } from './profile.js';
import type { Progress } from './progress.js';
import type { ScenarioResult } from './results.js';

/** The context that all scenarios of a run share. */
export interface BenchContext {
  readonly profile: Profile;
  readonly server: Server;
  readonly generator: GeneratorProcess;
  readonly progress: Progress;
  /** How many connections one process may have. */
  readonly connectionLimit: number;
  /** Deleted at the end of the run. */
  readonly folder: string;
  /** Where the service writes its CPU profiles; undefined: it takes none. */
  readonly cpuProfileFolder: string | undefined;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Seconds of load, for the progress bar. */
  plannedSeconds(profile: Profile): number;
  run(context: BenchContext): Promise<ScenarioResult>;
}
