export interface PlantedImport {
  /** What dependency-cruiser must call it. */
  rule: string;
  from: string;
  imports: string[];
  typeOnly?: boolean;
}

/** Lowest first; each module is planted once with an import of the one above it. */
export const MODULES = [
  'platform',
  'access',
  'users',
  'inventory',
  'waitlist',
  'bookings',
  'events',
  'operations',
];

const upward = MODULES.slice(0, -1).map((module, index) => ({
  rule: `no-upward-from-${module}`,
  from: `src/${module}/upward.ts`,
  imports: [`../${MODULES[index + 1]}/index.js`],
}));

/** One file a rule, each breaking that rule and no other. */
export const PLANTED_IMPORTS: PlantedImport[] = [
  ...upward,
  {
    rule: 'no-upward-from-waitlist',
    from: 'src/waitlist/upward-in-type-only.ts',
    imports: ['../bookings/index.js'],
    typeOnly: true,
  },
  { rule: 'no-circular', from: 'src/bookings/circle-a.ts', imports: ['./circle-b.js'] },
  {
    rule: 'every-module-is-ordered',
    from: 'src/loyalty/points.ts',
    imports: ['../platform/index.js'],
  },
  {
    rule: 'every-module-is-ordered',
    from: 'src/app.module.ts',
    imports: ['./vouchers/index.js'],
  },
  {
    rule: 'only-through-the-index',
    from: 'src/bookings/deep.ts',
    imports: ['../platform/inner.js'],
  },
  { rule: 'root-only-through-the-index', from: 'src/main.ts', imports: ['./platform/inner.js'] },
  {
    rule: 'no-import-of-the-root',
    from: 'src/operations/boots.ts',
    imports: ['../root.js'],
  },
  {
    rule: 'core-stays-pure',
    from: 'src/inventory/core/with-nest.ts',
    imports: ['@nestjs/common'],
  },
  { rule: 'core-stays-pure', from: 'src/inventory/core/with-node.ts', imports: ['node:crypto'] },
  {
    rule: 'core-stays-pure',
    from: 'src/inventory/core/with-sql-types.ts',
    imports: ['typeorm', 'mysql2'],
    typeOnly: true,
  },
  {
    rule: 'core-stays-pure',
    from: 'src/inventory/core/with-platform.ts',
    imports: ['../../platform/index.js'],
  },
  { rule: 'core-stays-pure', from: 'src/inventory/core/with-shell.ts', imports: ['../inner.js'] },
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

/** What looks like a fault and is none. */
export const PLANTED_ALLOWED: PlantedImport[] = [
  { from: 'src/events/downward.ts', imports: ['../bookings/index.js', '../platform/index.js'] },
  { from: 'src/waitlist/core/line.ts', imports: ['../../inventory/core/places.js'] },
  { from: 'src/inventory/core/section.ts', imports: ['./places.js'] },
  { from: 'src/inventory/core/section.spec.ts', imports: ['./section.js', 'fast-check'] },
  { from: 'src/bookings/bookings.repository.ts', imports: ['typeorm'], typeOnly: true },
  { from: 'src/bookings/bookings.module.ts', imports: ['@nestjs/typeorm'] },
  { from: 'src/platform/data-source.ts', imports: ['typeorm', 'mysql2', 'node:fs'] },
  { from: 'src/root.ts', imports: ['./bookings/index.js', './operations/index.js'] },
  { from: 'migrations/2-plain.ts', imports: ['typeorm', '../src/platform/inner.js'] },
].map((allowed) => ({ rule: '', ...allowed }));

/** What the planted files import: every module's index and some inner files, free of faults. */
export const GROUND: Record<string, string> = {
  ...Object.fromEntries(
    MODULES.map((module) => [`src/${module}/index.ts`, `export * from './inner.js';\n`]),
  ),
  ...Object.fromEntries(
    MODULES.map((module) => [`src/${module}/inner.ts`, `export const name = '${module}';\n`]),
  ),
  'src/vouchers/index.ts': `export const name = 'vouchers';\n`,
  // The way back of the circle is a type only, and still makes it one.
  'src/bookings/circle-b.ts': `import type * as a from './circle-a.js';\nexport type A = typeof a;\n`,
  'src/inventory/core/places.ts': `export const free = 1;\n`,
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
