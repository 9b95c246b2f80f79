import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  GROUND,
  MODULES,
  PLANTED_ALLOWED,
  PLANTED_IMPORTS,
  sourceOf,
} from './support/planted-imports.js';
import { ROOT, plantTree, uprootTree } from './support/planted-tree.js';

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

function cruise(root: string): Violation[] {
  const cli = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const subjects = ['src', 'migrations', 'ormconfig.ts'].filter((subject) =>
    existsSync(path.join(root, subject)),
  );
  const args = [cli, ...subjects, '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  const run = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (run.stdout === '') throw new Error(run.stderr);
  return (JSON.parse(run.stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

const rulesOf = (violations: Violation[], file: string) => [
  ...new Set(violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)),
];

describe('the module order', () => {
  it('is kept by the sources', () => {
    const found = cruise(ROOT).map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
    expect(found).toEqual([]);
  });
});

/** A rule that was never seen to fail might check the wrong folder. */
describe('each rule of the module order', () => {
  let found: Violation[];

  beforeAll(() => {
    const planted = [...PLANTED_IMPORTS, ...PLANTED_ALLOWED];
    const tree = plantTree(['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'], {
      ...GROUND,
      ...Object.fromEntries(planted.map((file) => [file.from, sourceOf(file)])),
    });
    try {
      found = cruise(tree);
    } finally {
      uprootTree(tree);
    }
  });

  it.each(PLANTED_IMPORTS.map(({ rule, from }) => [rule, from]))('%s finds %s', (rule, from) => {
    expect(rulesOf(found, from)).toEqual([rule]);
  });

  it.each(PLANTED_ALLOWED.map(({ from }) => from))('leaves %s alone', (from) => {
    expect(rulesOf(found, from)).toEqual([]);
  });

  it('has a planted violation', () => {
    const config = require(path.join(ROOT, '.dependency-cruiser.cjs')) as {
      forbidden: { name: string }[];
    };
    const rules = new Set(config.forbidden.map(({ name }) => name));
    const planted = new Set(PLANTED_IMPORTS.map(({ rule }) => rule));
    expect([...rules].filter((name) => !planted.has(name))).toEqual([]);
    expect([...planted].filter((name) => !rules.has(name))).toEqual([]);
    expect(rules.size).toBeGreaterThan(MODULES.length);
  });
});
