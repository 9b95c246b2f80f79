// What `npm test` runs: jest with the arguments given, on a clone that lacks nothing.
import { ROOT, become, ensureBuild, ensurePackages, inRoot, main } from './lib/prepare.mjs';

const WITHOUT_BUILD = ['unit', 'architecture'];

await main(async () => {
  const args = withoutTopology(process.argv.slice(2));
  await ensurePackages();
  // The other suites start dist/src/main.js as processes of its own.
  if (!needsOnlySources(args)) await ensureBuild();
  process.chdir(ROOT);
  await become(inRoot('node_modules/jest/bin/jest.js'), args);
});

/** It needs a real nginx, and runs when it is asked for: npm run test:topology. */
function withoutTopology(args) {
  if (args.includes('--selectProjects')) return args;
  return [...args, '--ignoreProjects', 'topology'];
}

function needsOnlySources(args) {
  const start = args.indexOf('--selectProjects') + 1;
  if (start === 0) return false;
  const rest = args.slice(start);
  const end = rest.findIndex((arg) => arg.startsWith('-'));
  const projects = end < 0 ? rest : rest.slice(0, end);
  return projects.every((project) => WITHOUT_BUILD.includes(project));
}
