import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { PLANTED_FAULTS, PLANTED_INNOCENTS } from './support/planted-lint.js';
import { ROOT, plantTree, uprootTree } from './support/planted-tree.js';

interface Diagnostic {
  code: string;
  filename: string;
}

/** oxlint ignores rules of disabled plugins: only a planted fault shows that a rule is active. */
describe('the lint rules', () => {
  let found: Map<string, string[]>;

  beforeAll(() => {
    const faults = PLANTED_FAULTS.map(({ file, text }) => [file, text] as const);
    const tree = plantTree(['.oxlintrc.json', 'tsconfig.json'], {
      ...Object.fromEntries(faults),
      ...PLANTED_INNOCENTS,
    });
    try {
      found = lint(tree);
    } finally {
      uprootTree(tree);
    }
  });

  it.each(PLANTED_FAULTS.map(({ rule, file }) => [rule, file]))('%s finds %s', (rule, file) => {
    expect(found.get(file)).toEqual([rule]);
  });

  it.each(Object.keys(PLANTED_INNOCENTS))('leave %s alone', (file) => {
    expect(found.get(file)).toBeUndefined();
  });

  function lint(tree: string): Map<string, string[]> {
    const oxlint = path.join(ROOT, 'node_modules/oxlint/bin/oxlint');
    const args = ['--type-aware', '--disable-nested-config', '--format', 'json', 'src', 'test'];
    const run = spawnSync(process.execPath, [oxlint, ...args], { cwd: tree, encoding: 'utf8' });
    const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: Diagnostic[] };
    const byFile = new Map<string, string[]>();
    for (const { filename, code } of diagnostics) {
      byFile.set(filename, [...(byFile.get(filename) ?? []), code]);
    }
    return byFile;
  }
});

/** Checks that no lint rule can express. */
describe('the sources', () => {
  const files = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(ROOT, 'src', file));

  // TypeORM's query runner commits an open transaction when its scope ends, even after an error.
  const AWAIT_USING = /\bawait\s+using\b/;

  it('never dispose of a query runner with `await using`', () => {
    expect(AWAIT_USING.test('await using runner = dataSource.createQueryRunner();')).toBe(true);
    expect(files.filter((file) => AWAIT_USING.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});
