// Runs the compiled migrations against DATABASE_URL, one process at a time (platform/database).
import { pathToFileURL } from 'node:url';
import { ensureUsable, fail, inRoot, loadSettings, main } from './lib/prepare.mjs';

const USAGE = `Usage: node scripts/migrate.mjs <up | down | status>

  up      run every migration that has not run yet
  down    take back the newest migration
  status  list the migrations, [X] marks those that have run

The database is the one DATABASE_URL names (mysql://user:password@host:3306/name), from the
environment or .env. The embedded database is migrated by npm start itself.`;

const COMMANDS = {
  async up({ migrateUp }, url) {
    const migrations = await migrateUp(url);
    for (const { name } of migrations) console.log(`ran ${name}`);
    if (migrations.length === 0) console.log('The schema is up to date.');
  },

  async down({ migrateDown, migrationStatus }, url) {
    const newest = (await migrationStatus(url)).done.at(-1);
    if (newest === undefined) return console.log('No migration has run.');
    await migrateDown(url);
    console.log(`took back ${newest}`);
  },

  async status({ migrationStatus }, url) {
    const { done, pending } = await migrationStatus(url);
    for (const name of done) console.log(`[X] ${name}`);
    for (const name of pending) console.log(`[ ] ${name}`);
  },
};

const compiled = (file) => import(pathToFileURL(inRoot(`dist/src/platform/${file}`)).href);

const MISUSED = 2;
const args = process.argv.slice(2);

await main(async () => {
  if (args.includes('--help') || args.includes('-h')) return console.log(USAGE);
  const [verb = ''] = args;
  if (!Object.hasOwn(COMMANDS, verb)) {
    fail(`What it does is up, down or status.\n\n${USAGE}`, MISUSED);
  }
  if (args.length > 1) fail(`${verb} takes nothing more.`, MISUSED);

  loadSettings();
  if (!process.env.DATABASE_URL) {
    fail('DATABASE_URL is not set. The embedded database is migrated by npm start itself.');
  }
  await ensureUsable();
  const { loadDatabaseConfig } = await compiled('config/config.js');
  const migrations = await compiled('database/migrate.js');
  const { namingDatabase } = await compiled('database/database-url.error.js');
  let url;
  try {
    url = loadDatabaseConfig().DATABASE_URL;
    await COMMANDS[verb](migrations, url);
  } catch (error) {
    fail(`migrate ${verb} failed: ${url ? namingDatabase(url, error).message : error.message}`);
  }
});
