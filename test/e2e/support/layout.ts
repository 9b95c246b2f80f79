import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const COPIED = ['dist', 'scripts', 'package.json', 'package-lock.json'];

/** How a command ended. */
export interface End {
  readonly code: number | null;
  readonly out: string;
  readonly complaint: string;
}

/** The service as it is shipped: compiled files and production packages, but no sources. */
export class ShippedLayout {
  private readonly npm: string;

  /** @param folder an empty folder */
  constructor(readonly folder: string) {
    for (const name of COPIED)
      cpSync(join(ROOT, name), join(folder, name), {
        recursive: true,
        filter: (path) => !path.endsWith('.sources'),
      });
    linkPackages(folder);
    this.npm = join(folder, 'npm-cli.cjs');
    const asked = JSON.stringify(this.asked);
    writeFileSync(
      this.npm,
      `require('node:fs').writeFileSync(${asked}, JSON.stringify({ args: process.argv.slice(2), ` +
        `environment: process.env })); process.exit(1);`,
    );
  }

  /** Whether a script has called npm, which here is a stub that fails. */
  get hasAskedNpm(): boolean {
    return existsSync(this.asked);
  }

  /** The arguments and the environment that npm was called with. */
  get npmCall(): { readonly args: readonly string[]; readonly environment: NodeJS.ProcessEnv } {
    return JSON.parse(readFileSync(this.asked, 'utf8')) as typeof this.npmCall;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  run(script: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<End> {
    const env = { PATH: process.env['PATH'], npm_execpath: this.npm, ...environment };
    return endOf(this.path(`scripts/${script}.mjs`), args, env);
  }

  private get asked(): string {
    return this.path('asked-npm');
  }
}

/** Runs a Node.js script to its end. */
export function endOf(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input = '',
): Promise<End> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { env });
    child.stdin.on('error', () => undefined).end(input);
    let [out, complaint] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('close', (code) => resolve({ code, out, complaint }));
  });
}

/** Links packages as `npm ci --omit=dev` would install them, without 85 MB of copies. */
function linkPackages(folder: string): void {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }>;
  };
  const packages = Object.entries(lock.packages).filter(
    ([where, { dev, optional, devOptional }]) =>
      where !== '' && !dev && !optional && !devOptional && existsSync(join(ROOT, where)),
  );
  for (const [where] of packages) {
    // Nested packages come with the package that contains them.
    if (where.lastIndexOf('node_modules/') > 0) continue;
    mkdirSync(dirname(join(folder, where)), { recursive: true });
    symlinkSync(join(ROOT, where), join(folder, where));
  }
  const installed = JSON.stringify({ packages: Object.fromEntries(packages) });
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), installed);
}
