/**
 * The order of the modules (docs/architecture.md), lowest first: a module may import the modules of the
 * lines before its own. Modules of one line do not import each other.
 */
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

/** The same for the folders of allocation: the rules, then what uses them. */
const ALLOCATION = [
  ['core/state'],
  ['core/waitlist'],
  ['core/rules', 'core/loading'],
  ['storage', 'lanes'],
  ['engine'],
  ['queue'],
];

const SPEC = '[.]spec[.]ts$';
/** A module: a folder of src/platform, or another folder of src. */
const MODULE = '(platform/[^/]+|[^/]+)';
const anyOf = (names) => `(?:${names.join('|')})`;
const npm = (...names) => `(?:^|/)node_modules/${anyOf(names)}(?:/|$)`;

/** One rule for each module: it may not import the modules of its own line and of those after it. */
const orderRules = (map, base, prefix) =>
  map.flatMap((line, index) =>
    line.flatMap((name) => {
      const others = [...line.filter((other) => other !== name), ...map.slice(index + 1).flat()];
      if (others.length === 0) return [];
      return {
        name: `${prefix}-${name.replace('/', '-')}`,
        comment: `${name} may not import ${others.join(', ')}`,
        severity: 'error',
        from: { path: `^${base}/${name}/`, pathNot: SPEC },
        to: { path: `^${base}/${anyOf(others)}/` },
      };
    }),
  );

const MODULES = anyOf(MAP.flat());

const moduleRules = [
  ...orderRules(MAP, 'src', 'no-upward-from'),
  ...orderRules(ALLOCATION, 'src/allocation', 'no-upward-inside-allocation'),
  {
    name: 'allocation-folders-do-not-know-its-services',
    comment: 'The services of allocation use its folders, and not the other way round',
    severity: 'error',
    from: { path: '^src/allocation/[^/]+/', pathNot: SPEC },
    to: { path: '^src/allocation/[^/]+[.]ts$' },
  },
  {
    name: 'waitlist-knows-no-booking',
    comment: 'The waitlist of a section needs its counters and nothing else of it',
    severity: 'error',
    from: { path: '^src/allocation/core/waitlist/', pathNot: SPEC },
    to: { path: '^src/allocation/core/state/', pathNot: '/(?:locked-section|section-rules)[.]ts$' },
  },
  {
    name: 'no-circular',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'every-module-is-on-the-map',
    comment: 'A new folder under src, or under src/platform, must be given its place in MAP',
    severity: 'error',
    from: {},
    to: { path: `^src/${MODULE}/`, pathNot: [`^src/${MODULES}/`, '^src/platform/[^/]+$'] },
  },
  {
    name: 'every-module-is-on-the-map',
    comment: 'The same for a folder that nobody imports yet',
    severity: 'error',
    from: { path: `^src/${MODULE}/`, pathNot: [`^src/${MODULES}/`, '^src/platform/[^/]+$'] },
    to: {},
  },
  {
    name: 'only-through-the-index',
    comment: 'A module is imported through its index.ts only',
    severity: 'error',
    from: { path: `^src/${MODULE}/`, pathNot: [SPEC, '^src/platform/[^/]+$'] },
    to: {
      path: `^src/${MODULE}/[^/]`,
      pathNot: ['^src/$1/', '^src/(?:platform/)?[^/]+/index[.]ts$'],
    },
  },
  {
    name: 'root-only-through-the-index',
    comment: 'app.module.ts and platform.module.ts import every module through its index.ts',
    severity: 'error',
    from: { path: '^src/(?:platform/)?[^/]+[.]ts$' },
    to: {
      path: '^src/[^/]+/',
      pathNot: [
        '^src/(?:platform/)?[^/]+/index[.]ts$',
        '^src/platform/platform[.]module[.]ts$',
        '^src/bootstrap/',
      ],
    },
  },
  {
    name: 'no-import-of-the-root',
    comment: 'Only bootstrap/ imports the files directly in src; no module depends on them',
    severity: 'error',
    from: { path: '^src/[^/]+/', pathNot: ['^src/bootstrap/', SPEC] },
    to: { path: ['^src/[^/]+[.]ts$', '^src/platform/[^/]+[.]ts$', '^ormconfig[.]ts$'] },
  },
];

const layerRules = [
  {
    name: 'core-stays-pure',
    comment:
      'The rules of allocation depend on neither Nest nor SQL nor Node: only on other core files',
    severity: 'error',
    from: { path: '^src/allocation/core/', pathNot: SPEC },
    to: { pathNot: '^src/allocation/core/' },
  },
  {
    name: 'persistence-only-in-platform',
    comment: 'Everybody else is given a Transaction. Types are free: they open nothing',
    severity: 'error',
    from: {
      path: '^src/',
      pathNot: ['^src/platform/', '^src/embedded-mysql/', '[.](?:entity|module)[.]ts$', SPEC],
    },
    to: {
      path: npm('typeorm', '@nestjs/typeorm', 'mysql2'),
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'class-transformer-only-in-schema',
    comment:
      'Compiled rules (platform/schema/compiled-rules.ts) know no transformation but those of ' +
      'platform/schema, and would ignore others',
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/platform/schema/', SPEC] },
    to: { path: npm('class-transformer') },
  },
  {
    name: 'migrations-know-only-the-platform',
    comment: 'A migration says what the schema was then; the entities say what it is now',
    severity: 'error',
    from: { path: '^migrations/' },
    to: { path: '^src/', pathNot: '^src/platform/' },
  },
  {
    name: 'ormconfig-knows-only-platform-and-entities',
    severity: 'error',
    from: { path: '^ormconfig[.]ts$' },
    to: { path: '^src/', pathNot: ['^src/platform/', '[.]entity[.]ts$'] },
  },
];

const packageRules = [
  {
    name: 'not-to-test',
    comment: 'What ships may not need the tests',
    severity: 'error',
    from: { path: '^(?:src|migrations)/|^ormconfig[.]ts$', pathNot: SPEC },
    to: { path: ['^test/', SPEC] },
  },
  {
    name: 'not-to-dev-dep',
    comment: 'The image is installed without devDependencies',
    severity: 'error',
    from: { path: '^(?:src|migrations)/|^ormconfig[.]ts$', pathNot: SPEC },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'only-listed-packages',
    comment: 'A package that only came along with another one may go away with it',
    severity: 'error',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'not-to-unresolvable',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-deprecated-core',
    severity: 'error',
    from: {},
    to: {
      dependencyTypes: ['core'],
      path: ['^(?:node:)?(?:punycode|domain|sys|constants|_.+)$'],
    },
  },
  {
    name: 'no-orphans',
    comment: 'A file that imports nothing and that nobody imports is left over',
    severity: 'error',
    from: { orphan: true, path: '^src/', pathNot: ['^src/main[.]ts$', SPEC, '[.]d[.]ts$'] },
    to: {},
  },
];

module.exports = {
  forbidden: [...moduleRules, ...layerRules, ...packageRules],
  options: {
    doNotFollow: { path: 'node_modules' },
    // An `import type` is knowledge as well: it counts in every rule that does not say otherwise.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
