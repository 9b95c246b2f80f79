// Runs the compiled migrations; a lock lets one process at a time do so.
import { createInterface } from 'node:readline/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureUsable, fail, inRoot, loadSettings, main } from './lib/prepare.mjs';

const USAGE = `Usage: node scripts/migrate.mjs <up | down [--yes] | status>

  up      run all pending migrations
  down    revert the newest migration: says what will be lost, and asks first unless
          --yes is given; refuses while instances use the database
  status  list all migrations; [X] marks those that have run

Works on the database in DATABASE_URL (mysql://user:password@host:3306/name), from the
environment or .env, or else on the embedded one. npm start migrates that one itself.`;

const COMMANDS = {
  async up({ migrateUp }, url) {
    const migrations = await migrateUp(url);
    for (const { name } of migrations) console.log(`ran ${name}`);
    if (migrations.length === 0) console.log('The schema is up to date.');
  },

  async down({ migrateDown, otherConnections, planReversal }, url, { yes }) {
    const others = await otherConnections(url);
    const plan = await planReversal(url);
    if (plan === undefined) return console.log('No migration has run.');
    refuseWhileInUse(others);
    console.error(describe(plan, others));
    if (!yes) await expectConfirmation();
    await migrateDown(url);
    console.log(`reverted ${plan.migration}`);
  },

  async status({ migrationStatus }, url) {
    const { done, pending } = await migrationStatus(url);
    for (const name of done) console.log(`[X] ${name}`);
    for (const name of pending) console.log(`[ ] ${name}`);
  },
};

function refuseWhileInUse({ users }) {
  if (users.length === 0) return;
  throw new Error(
    `Other programs use this database (${users.join(', ')}). Stop all instances first.`,
  );
}

function describe({ migration, losses }, { areAllSeen }) {
  const lost = losses.length > 0 ? losses.map((loss) => `  ${loss}\n`).join('') : '  nothing\n';
  const blind =
    'This database user lacks the privilege PROCESS and sees only its own connections: make sure ' +
    'that no instance runs.\n';
  return `Reverting ${migration} deletes, permanently:\n${lost}${areAllSeen ? '' : blind}`;
}

async function expectConfirmation() {
  if (!process.stdin.isTTY) throw new Error('Nothing was changed. Add --yes to confirm.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('Type "yes" to revert it: ');
  terminal.close();
  if (answer.trim() !== 'yes') throw new Error('Nothing was changed.');
}

const compiled = (file) => import(pathToFileURL(inRoot(`dist/src/${file}`)).href);

const MISUSED = 2;

function commandOf(args) {
  const [verb = '', ...rest] = args;
  if (!Object.hasOwn(COMMANDS, verb)) {
    fail(`Unknown command. Use up, down or status.\n\n${USAGE}`, MISUSED);
  }
  if (verb !== 'down' && rest.length > 0) fail(`${verb} takes no arguments.`, MISUSED);
  try {
    return {
      verb,
      options: parseArgs({ args: rest, options: { yes: { type: 'boolean' } } }).values,
    };
  } catch {
    return fail('down takes only --yes.', MISUSED);
  }
}

async function openDatabase() {
  const { loadDatabaseConfig } = await compiled('platform/config/config.js');
  const { joinUnmigrated } = await compiled('embedded-mysql/index.js');
  return joinUnmigrated(loadDatabaseConfig(), (line) => console.error(line));
}

const args = process.argv.slice(2);

await main(async () => {
  if (args.includes('--help') || args.includes('-h')) return console.log(USAGE);
  const { verb, options } = commandOf(args);
  await ensureUsable();
  await loadSettings();
  const { namingDatabase, ...migrations } = await compiled('platform/database/index.js');
  let database;
  try {
    database = await openDatabase();
    await COMMANDS[verb](migrations, database.url, options);
  } catch (error) {
    const isNamed = database && process.env.DATABASE_URL?.trim();
    const named = isNamed ? await namingDatabase(database.url, error) : error;
    process.exitCode = 1;
    console.error(`migrate ${verb} failed: ${named.message}`);
  } finally {
    await database?.close();
  }
});
