import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childEnvironment } from './child-environment.js';

const execute = promisify(execFile);

/** The absolute path of a command on the PATH of this process; undefined if it is not there. */
export async function commandPath(name: string): Promise<string | undefined> {
  const options = { timeout: 10_000, env: childEnvironment() };
  const lookup = execute('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', name], options);
  const path = await lookup.then((output) => output.stdout.trim()).catch(() => '');
  return path.startsWith('/') ? path : undefined;
}
