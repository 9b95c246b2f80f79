import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../../..');
const RUN_MS_MAX = 180_000;

const execute = promisify(execFile);

/** What a stage of a Dockerfile has built, with this machine as its base. */
export interface Stage {
  readonly name: string;
  /** Stands for `/` of the image. */
  readonly root: string;
  /** As a path of this machine. */
  workdir: string;
  readonly environment: Record<string, string>;
  user: string;
  command: readonly string[];
  healthCheck: readonly string[];
}

/**
 * Carries out the Dockerfile without an engine: each stage in its own folder, each command with the
 * Node of this machine. Supports the instructions that the file uses.
 *
 * @returns the last stage, which is the image
 */
export async function buildImage(folder: string): Promise<Stage> {
  const stages: Stage[] = [];
  for (const [instruction, rest] of instructionsOf(
    readFileSync(join(ROOT, 'Dockerfile'), 'utf8'),
  )) {
    if (instruction === 'FROM') stages.push(newStage(folder, stages.length, rest));
    else await carryOut(instruction, rest, stages);
  }
  return stages.at(-1)!;
}

function instructionsOf(text: string): [instruction: string, rest: string][] {
  const lines = text.replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, ' ');
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, instruction, rest] = /^(\w+) (.+)$/.exec(line)!;
      return [instruction!, rest!];
    });
}

function newStage(folder: string, index: number, from: string): Stage {
  const root = join(folder, String(index));
  mkdirSync(root);
  const name = / AS (\w+)$/.exec(from)?.[1] ?? '';
  return { name, root, workdir: root, environment: {}, user: 'root', command: [], healthCheck: [] };
}

const HANDLERS: Readonly<
  Record<string, (stage: Stage, rest: string, stages: readonly Stage[]) => void | Promise<void>>
> = {
  WORKDIR(stage, path) {
    stage.workdir = join(stage.root, path);
    mkdirSync(stage.workdir, { recursive: true });
  },
  ENV(stage, rest) {
    for (const [, name, value] of rest.matchAll(/(\w+)=(\S+)/g)) stage.environment[name!] = value!;
  },
  COPY: copy,
  async RUN(stage, command) {
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...stage.environment };
    await execute('sh', ['-ec', command], { cwd: stage.workdir, env, timeout: RUN_MS_MAX });
  },
  USER: (stage, user) => void (stage.user = user),
  CMD: (stage, rest) => void (stage.command = JSON.parse(rest) as string[]),
  HEALTHCHECK(stage, rest) {
    stage.healthCheck = JSON.parse(rest.slice(rest.indexOf('['))) as string[];
  },
  EXPOSE: () => undefined,
};

async function carryOut(
  instruction: string,
  rest: string,
  stages: readonly Stage[],
): Promise<void> {
  const handler = HANDLERS[instruction];
  if (handler === undefined) throw new Error(`Unsupported instruction: ${instruction}`);
  await handler(stages.at(-1)!, rest, stages);
}

function copy(stage: Stage, rest: string, stages: readonly Stage[]): void {
  const words = rest.split(' ');
  const from = /^--from=(\w+)$/.exec(words[0]!)?.[1];
  const paths = from === undefined ? words : words.slice(1);
  const origin = from === undefined ? ROOT : stages.find(({ name }) => name === from)!.root;
  const destination = join(stage.workdir, paths.at(-1)!);
  const sources = paths.slice(0, -1);
  for (const source of sources) {
    const path = join(origin, source);
    const intoFolder = statSync(path).isFile() && (sources.length > 1 || paths.at(-1) === './');
    const target = intoFolder ? join(destination, basename(source)) : destination;
    // .dockerignore leaves them out.
    cpSync(path, target, { recursive: true, filter: (file) => !file.endsWith('.spec.ts') });
  }
  chmodSync(stage.root, 0o755);
}
