import { transformFileSync, type Options } from '@swc/core';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const REPOSITORY = resolve(__dirname, '../../..');
const SOURCES = 'src/embedded-mysql';
const APP = 'test/embedded/support/app.ts';

/** What an application process reports, see app.ts. */
export interface Report {
  readonly said?: string;
  readonly url?: string;
  readonly pid?: number;
  readonly error?: string;
}

export interface AppProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  /** Every line so far. */
  readonly reports: readonly Report[];
  /** The first line that matches; fails if there is none. */
  report(isWanted: (report: Report) => boolean): Promise<Report>;
  /** How the start ended: with a URL or an error. */
  outcome(): Promise<Report>;
}

/** The launcher compiled to JavaScript, because Node must run it without Jest. */
export interface BuiltApp {
  start(dataDir: string, mode?: 'once'): AppProcess;
  remove(): void;
}

export function buildApp(): BuiltApp {
  const folder = mkdtempSync(join(tmpdir(), 'rle-app-'));
  const sources = readdirSync(join(REPOSITORY, SOURCES)).filter((name) => name.endsWith('.ts'));
  for (const source of [...sources.map((name) => join(SOURCES, name)), APP]) {
    const target = join(folder, source.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, transformFileSync(join(REPOSITORY, source), SWC).code);
  }
  const main = join(folder, APP.replace(/\.ts$/, '.js'));
  const started: ChildProcess[] = [];
  return {
    start: (dataDir, mode) => {
      const app = startApp([main, dataDir, ...(mode ? [mode] : [])]);
      started.push(app.child);
      return app;
    },
    remove: () => {
      // A failed test leaves its applications running, and Jest would wait for them.
      for (const child of started) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const SWC: Options = {
  swcrc: false,
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'commonjs' },
};

function startApp(args: readonly string[]): AppProcess {
  const env = { ...process.env, NODE_PATH: join(REPOSITORY, 'node_modules') };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const reports: Report[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => reports.push(JSON.parse(line) as Report));
  const exited = new Promise<number | null>((done) => child.once('exit', done));
  const report = async (isWanted: (report: Report) => boolean): Promise<Report> =>
    new Promise((done, fail) => {
      const look = (): void => {
        const found = reports.find((candidate) => isWanted(candidate));
        if (found) done(found);
      };
      lines.on('line', look);
      lines.once('close', () => fail(new Error(`only reported ${JSON.stringify(reports)}`)));
      look();
    });
  const outcome = async (): Promise<Report> =>
    report(({ url, error }) => url !== undefined || error !== undefined);
  return { child, exited, reports, report, outcome };
}
