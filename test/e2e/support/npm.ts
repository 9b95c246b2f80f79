import { spawn } from 'node:child_process';
import type { End } from './layout.js';

/** Runs npm in a folder to its end. */
export function npm(
  folder: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<End> {
  const { PATH, HOME } = process.env;
  return new Promise((resolve) => {
    const child = spawn('npm', args, { cwd: folder, env: { PATH, HOME, ...environment } });
    let [out, complaint] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('close', (code) => resolve({ code, out, complaint }));
  });
}
