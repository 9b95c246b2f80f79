import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { FileGlobals } from '../../kit/database.js';
import { freePort } from '../../kit/free-port.js';

const run = promisify(execFile);

/** The path of a program of Prometheus, from PROMETHEUS_DIR or PATH; undefined if missing. */
function programOf(name: 'prometheus' | 'promtool'): string | undefined {
  const { PROMETHEUS_DIR = '', PATH = '' } = process.env;
  const folders = [PROMETHEUS_DIR, ...PATH.split(delimiter)].filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** CI must have them (.ci/unpack-prometheus); elsewhere, tests that need them are skipped. */
export const hasPrometheus = process.env['CI'] === 'true' || programOf('promtool') !== undefined;

/** @returns its output; throws if it finds an error */
export async function promtool(folder: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(programOf('promtool') ?? 'promtool', args, { cwd: folder });
  return stdout;
}

/** A Prometheus server on a free port, with its data in a folder. */
export class PrometheusProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(folder: string): Promise<PrometheusProcess> {
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      programOf('prometheus') ?? 'prometheus',
      [
        '--config.file=prometheus.yml',
        '--storage.tsdb.path=data',
        `--web.listen-address=${address}`,
      ],
      { cwd: folder, stdio: 'ignore' },
    );
    ((globalThis as FileGlobals).testProcesses ??= []).push(child);
    return new PrometheusProcess(child, `http://${address}`);
  }

  /** Asks for `path` until `isEnough` accepts the answer, for up to 30 seconds. */
  async get<Data>(path: string, isEnough: (data: Data) => boolean): Promise<Data> {
    for (const deadline = Date.now() + 30_000; ;) {
      const data = await this.ask<Data>(path);
      if (data !== undefined && isEnough(data)) return data;
      if (Date.now() > deadline) throw new Error(`${path}: ${JSON.stringify(data)}`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  stop(): void {
    this.child.kill();
  }

  private async ask<Data>(path: string): Promise<Data | undefined> {
    try {
      const answer = await fetch(`${this.url}/api/v1/${path}`);
      return ((await answer.json()) as { readonly data: Data }).data;
    } catch {
      return undefined;
    }
  }
}
