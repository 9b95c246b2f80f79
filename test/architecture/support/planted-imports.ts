export interface PlantedImport {
  /** The rule that dependency-cruiser must report. */
  rule: string;
  from: string;
  imports: string[];
  typeOnly?: boolean;
}

/** The order of .dependency-cruiser.cjs: a line may import the lines before it. */
const MAP = [
  ['platform/common'],
  ['platform/errors'],
  ['platform/config'],
  ['platform/observability'],
  ['platform/database'],
  ['platform/logging'],
  ['platform/workers'],
  ['platform/outbox', 'platform/idempotency', 'platform/rate-limiting'],
  ['platform/schema'],
  ['platform/http'],
  ['platform/openapi'],
  ['embedded-mysql'],
  ['access'],
  ['users'],
  ['allocation'],
  ['bookings'],
  ['holds', 'seats', 'waitlist'],
  ['events'],
  ['operations'],
  ['bootstrap'],
];

export const MODULES = MAP.flat();

/** Folders of allocation, each with one that it may not import: of the next line, or of its own. */
const ALLOCATION: Readonly<Record<string, string>> = {
  'core/state': 'core/waitlist',
  'core/waitlist': 'core/rules',
  'core/rules': 'core/loading',
  'core/loading': 'core/rules',
  storage: 'lanes',
  lanes: 'engine',
  engine: 'queue',
};

const up = (folder: string): string => folder.replaceAll(/[^/]+/g, '..');
const ruleName = (prefix: string, folder: string): string =>
  `${prefix}-${folder.replace('/', '-')}`;

const upward: readonly PlantedImport[] = [
  ...MODULES.slice(0, -1).map((name, index) => ({
    rule: ruleName('no-upward-from', name),
    from: `src/${name}/upward.ts`,
    imports: [`${up(name)}/${MODULES[index + 1]}/index.js`],
  })),
  ...Object.entries(ALLOCATION).map(([folder, above]) => ({
    rule: ruleName('no-upward-inside-allocation', folder),
    from: `src/allocation/${folder}/upward.ts`,
    imports: [`${up(folder)}/${above}/inner.js`],
  })),
];

/** One file per rule, which breaks that rule and no other. */
export const PLANTED_IMPORTS: PlantedImport[] = [
  ...upward,
  {
    rule: 'no-upward-from-waitlist',
    from: 'src/waitlist/upward-in-type-only.ts',
    imports: ['../events/index.js'],
    typeOnly: true,
  },
  {
    rule: 'no-upward-from-holds',
    from: 'src/holds/sideways.ts',
    imports: ['../waitlist/index.js'],
  },
  {
    rule: 'allocation-folders-do-not-know-its-services',
    from: 'src/allocation/storage/with-service.ts',
    imports: ['../service.js'],
  },
  {
    rule: 'waitlist-knows-no-booking',
    from: 'src/allocation/core/waitlist/with-bookings.ts',
    imports: ['../state/inner.js'],
  },
  { rule: 'no-circular', from: 'src/bookings/circle-a.ts', imports: ['./circle-b.js'] },
  {
    rule: 'every-module-is-on-the-map',
    from: 'src/loyalty/points.ts',
    imports: ['../platform/common/index.js'],
  },
  {
    rule: 'every-module-is-on-the-map',
    from: 'src/app.module.ts',
    imports: ['./vouchers/index.js'],
  },
  {
    rule: 'every-module-is-on-the-map',
    from: 'src/platform/mailing/post.ts',
    imports: ['../common/index.js'],
  },
  {
    rule: 'only-through-the-index',
    from: 'src/bookings/deep.ts',
    imports: ['../users/inner.js'],
  },
  {
    rule: 'only-through-the-index',
    from: 'src/platform/http/deep.ts',
    imports: ['../database/inner.js'],
  },
  { rule: 'root-only-through-the-index', from: 'src/main.ts', imports: ['./users/inner.js'] },
  {
    rule: 'no-import-of-the-root',
    from: 'src/operations/boots.ts',
    imports: ['../root.js'],
  },
  {
    rule: 'core-stays-pure',
    from: 'src/allocation/core/with-nest.ts',
    imports: ['@nestjs/common'],
  },
  { rule: 'core-stays-pure', from: 'src/allocation/core/with-node.ts', imports: ['node:crypto'] },
  {
    rule: 'core-stays-pure',
    from: 'src/allocation/core/with-sql-types.ts',
    imports: ['typeorm', 'mysql2'],
    typeOnly: true,
  },
  {
    rule: 'core-stays-pure',
    from: 'src/allocation/core/with-platform.ts',
    imports: ['../../platform/common/index.js'],
  },
  {
    rule: 'core-stays-pure',
    from: 'src/allocation/core/with-shell.ts',
    imports: ['../engine/inner.js'],
  },
  {
    rule: 'persistence-only-in-platform',
    from: 'src/bookings/opens.service.ts',
    imports: ['typeorm'],
  },
  {
    rule: 'persistence-only-in-platform',
    from: 'src/bookings/injects.service.ts',
    imports: ['@nestjs/typeorm'],
  },
  {
    rule: 'persistence-only-in-platform',
    from: 'src/bookings/drives.service.ts',
    imports: ['mysql2'],
  },
  {
    rule: 'class-transformer-only-in-schema',
    from: 'src/bookings/transforms.dto.ts',
    imports: ['class-transformer'],
  },
  {
    rule: 'migrations-know-only-the-platform',
    from: 'migrations/1-with-entity.ts',
    imports: ['../src/bookings/booking.entity.js'],
  },
  {
    rule: 'ormconfig-knows-only-platform-and-entities',
    from: 'ormconfig.ts',
    imports: ['./src/bookings/index.js'],
  },
  {
    rule: 'not-to-test',
    from: 'src/bookings/with-fixture.ts',
    imports: ['../../test/fixture.js'],
  },
  { rule: 'not-to-dev-dep', from: 'src/bookings/with-dev-package.ts', imports: ['fast-check'] },
  { rule: 'only-listed-packages', from: 'src/bookings/with-guest.ts', imports: ['avvio'] },
  { rule: 'not-to-unresolvable', from: 'src/bookings/lost.ts', imports: ['./nowhere.js'] },
  { rule: 'no-deprecated-core', from: 'src/bookings/old.ts', imports: ['node:punycode'] },
  { rule: 'no-orphans', from: 'src/bookings/orphan.ts', imports: [] },
];

/** What looks like a fault, but is none. */
export const PLANTED_ALLOWED: PlantedImport[] = [
  {
    from: 'src/events/downward.ts',
    imports: ['../bookings/index.js', '../platform/http/index.js'],
  },
  { from: 'src/allocation/core/waitlist/queue.ts', imports: ['../places.js'] },
  { from: 'src/bootstrap/boots.ts', imports: ['../root.js'] },
  { from: 'src/allocation/core/section.ts', imports: ['./places.js'] },
  { from: 'src/allocation/core/section.spec.ts', imports: ['./section.js', 'fast-check'] },
  { from: 'src/bookings/bookings.repository.ts', imports: ['typeorm'], typeOnly: true },
  { from: 'src/bookings/bookings.module.ts', imports: ['@nestjs/typeorm'] },
  { from: 'src/platform/database/data-source.ts', imports: ['typeorm', 'mysql2', 'node:fs'] },
  {
    from: 'src/platform/schema/decorator.ts',
    imports: ['class-transformer', 'class-validator'],
  },
  { from: 'src/bookings/bookings.dto.ts', imports: ['class-validator'] },
  { from: 'src/root.ts', imports: ['./bookings/index.js', './operations/index.js'] },
  { from: 'migrations/2-plain.ts', imports: ['typeorm', '../src/platform/database/inner.js'] },
].map((allowed) => ({ rule: '', ...allowed }));

/** What the planted files import: every module's index and some inner files, free of faults. */
export const GROUND: Record<string, string> = {
  ...Object.fromEntries(
    MODULES.map((name) => [`src/${name}/index.ts`, `export * from './inner.js';\n`]),
  ),
  ...Object.fromEntries(
    MODULES.map((name) => [`src/${name}/inner.ts`, `export const name = '${name}';\n`]),
  ),
  ...Object.fromEntries(
    ['queue', ...Object.keys(ALLOCATION)].map((folder) => [
      `src/allocation/${folder}/inner.ts`,
      `export const name = '${folder}';\n`,
    ]),
  ),
  'src/vouchers/index.ts': `export const name = 'vouchers';\n`,
  // The way back is a type-only import, and still closes the cycle.
  'src/bookings/circle-b.ts': `import type * as a from './circle-a.js';\nexport type A = typeof a;\n`,
  'src/allocation/service.ts': `export const name = 'service';\n`,
  'src/allocation/core/places.ts': `export const free = 1;\n`,
  'src/bookings/booking.entity.ts': `import 'typeorm';\n`,
  'test/fixture.ts': `export const name = 'fixture';\n`,
};

export function sourceOf({ imports, typeOnly = false }: PlantedImport): string {
  const lines = imports.map((target, index) =>
    typeOnly
      ? `import type * as it${index} from '${target}';\nexport type It${index} = typeof it${index};\n`
      : `import * as it${index} from '${target}';\nconsole.log(it${index});\n`,
  );
  return imports.length === 0 ? 'export const alone = true;\n' : lines.join('');
}
