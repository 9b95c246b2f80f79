/** Order of the modules, lowest first. A module may import only what stands before it. */
const MODULE_ORDER = [
  'platform',
  'access',
  'users',
  'inventory',
  'waitlist',
  'bookings',
  'events',
  'operations',
];

const SPEC = '[.]spec[.]ts$';
const anyOf = (names) => `(?:${names.join('|')})`;
const npm = (...names) => `(?:^|/)node_modules/${anyOf(names)}(?:/|$)`;

const upwardRules = MODULE_ORDER.slice(0, -1).map((name, index) => ({
  name: `no-upward-from-${name}`,
  comment: `${name} may not know ${MODULE_ORDER.slice(index + 1).join(', ')}`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: `^src/${anyOf(MODULE_ORDER.slice(index + 1))}/` },
}));

const moduleRules = [
  ...upwardRules,
  {
    name: 'no-circular',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'every-module-is-ordered',
    comment: 'A new folder under src must be given its place in MODULE_ORDER',
    severity: 'error',
    from: {},
    to: { path: '^src/[^/]+/', pathNot: `^src/${anyOf(MODULE_ORDER)}/` },
  },
  {
    name: 'every-module-is-ordered',
    comment: 'The same for a folder that nobody imports yet',
    severity: 'error',
    from: { path: '^src/[^/]+/', pathNot: `^src/${anyOf(MODULE_ORDER)}/` },
    to: {},
  },
  {
    name: 'only-through-the-index',
    comment: 'Another module is entered by its index.ts and nowhere else',
    severity: 'error',
    from: { path: '^src/([^/]+)/', pathNot: '^src/[^/]+/core/' },
    to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index[.]ts$'] },
  },
  {
    name: 'root-only-through-the-index',
    comment: 'main.ts and app.module.ts may name every module, but by its index.ts',
    severity: 'error',
    from: { path: '^src/[^/]+[.]ts$' },
    to: { path: '^src/[^/]+/', pathNot: '^src/[^/]+/index[.]ts$' },
  },
  {
    name: 'no-import-of-the-root',
    comment: 'main.ts and app.module.ts put the modules together; no module knows them',
    severity: 'error',
    from: { path: '^src/[^/]+/' },
    to: { path: ['^src/[^/]+[.]ts$', '^ormconfig[.]ts$'] },
  },
];

const layerRules = [
  {
    name: 'core-stays-pure',
    comment: 'The rules of the trade know neither Nest nor SQL nor Node: only other core files',
    severity: 'error',
    from: { path: '^src/[^/]+/core/', pathNot: SPEC },
    // Straight to the file, because a module's index.ts would bring its Nest module along.
    to: { pathNot: '^src/[^/]+/core/' },
  },
  {
    name: 'persistence-only-in-platform',
    comment: 'Everybody else is given a Transaction. Types are free: they open nothing',
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/platform/', '[.](?:entity|module)[.]ts$', SPEC] },
    to: {
      path: npm('typeorm', '@nestjs/typeorm', 'mysql2'),
      dependencyTypesNot: ['type-only'],
    },
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
