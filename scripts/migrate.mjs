// Runs the compiled migrations on DATABASE_URL; a lock lets one process at a time do so.
import { pathToFileURL } from 'node:url';
import { ensureUsable, fail, inRoot, loadSettings, main } from './lib/prepare.mjs';

const USAGE = `Usage: node scripts/migrate.mjs <up | down | status>

  up      run all pending migrations
  down    revert the newest migration
  status  list all migrations; [X] marks those that have run

Works on the database in DATABASE_URL (mysql://user:password@host:3306/name), from the
environment or .env. npm start migrates the embedded database itself.`;

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
    console.log(`reverted ${newest}`);
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
    fail(`Unknown command. Use up, down or status.\n\n${USAGE}`, MISUSED);
  }
  if (args.length > 1) fail(`${verb} takes no arguments.`, MISUSED);

  await ensureUsable();
  await loadSettings();
  if (!process.env.DATABASE_URL) {
    fail('DATABASE_URL is not set. npm start migrates the embedded database itself.');
  }
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
