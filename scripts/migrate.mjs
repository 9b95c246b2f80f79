// Runs the compiled migrations against DATABASE_URL.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT, become, ensureBuild, ensurePackages, fail, main } from './lib/prepare.mjs';

const COMMANDS = { up: 'migration:run', down: 'migration:revert', status: 'migration:show' };
const USAGE = `Usage: node scripts/migrate.mjs <up | down | status>

  up      run every migration that has not run yet
  down    take back the newest migration
  status  list the migrations, [X] marks those that have run

The database is the one DATABASE_URL names (mysql://user:password@host:3306/name), from the
environment or .env. The embedded database is migrated by npm start itself.`;

const [verb, ...rest] = process.argv.slice(2);

await main(async () => {
  if (verb === '--help' || verb === '-h' || rest.includes('--help')) return console.log(USAGE);
  if (!Object.hasOwn(COMMANDS, verb ?? '')) fail(USAGE);

  const settings = path.join(ROOT, '.env');
  if (existsSync(settings)) process.loadEnvFile(settings);
  if (!process.env.DATABASE_URL) {
    fail('DATABASE_URL is not set. The embedded database is migrated by npm start itself.');
  }
  await ensurePackages();
  await ensureBuild();
  const dataSource = path.join(ROOT, 'dist/ormconfig.js');
  await become(path.join(ROOT, 'node_modules/typeorm/cli.js'), [COMMANDS[verb], '-d', dataSource]);
});
