import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The absolute path of a command, by the PATH of the process; undefined when there is none. */
export async function commandPath(name: string): Promise<string | undefined> {
  const lookup = execute('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', name], { timeout: 10_000 });
  const path = await lookup.then((output) => output.stdout.trim()).catch(() => '');
  return path.startsWith('/') ? path : undefined;
}
