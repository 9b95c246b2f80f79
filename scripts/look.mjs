// Opens the database of a red test: loads the dump that test/setup/red-databases.ts wrote into a temporary
// server, which runs until Ctrl-C.
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuild, ensurePackages, fail, inRoot, main } from './lib/prepare.mjs';

const RED_FOLDER = inRoot('.data/red-tests');
const USAGE = 'usage: npm run test:look -- FILE';

await main(async () => {
  const file = process.argv[2];
  if (file === undefined || !existsSync(file)) fail(`${USAGE}\n${listed()}`, 2);
  await ensurePackages();
  await ensureBuild();
  const { startEmbeddedServer } = await import(
    pathToFileURL(inRoot('dist/src/embedded-mysql/embedded-server.js')).href
  );
  const folder = mkdtempSync(path.join(tmpdir(), 'rowlock-look-'));
  const binary = process.env.EMBEDDED_MYSQLD;
  const server = await startEmbeddedServer({ dataDir: folder, binary, say: () => undefined });
  await load(server.url, file);
  const socket = new URL(server.url).searchParams.get('socketPath');
  console.log(`${path.basename(file)} is open until Ctrl-C:`);
  console.log(`  mysql --user=root --socket=${socket} rowlock`);
  console.log(`  DATABASE_URL='${server.url}' AUTH_MODE=open npm start`);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
  });
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function listed() {
  const names = existsSync(RED_FOLDER) ? readdirSync(RED_FOLDER) : [];
  if (names.length === 0) return 'The last run left no database: none of its tests was red.';
  return names.map((name) => `  ${path.join('.data/red-tests', name)}`).join('\n');
}

async function load(url, file) {
  const { default: mysql } = await import('mysql2/promise');
  const connection = await mysql.createConnection({ uri: url, multipleStatements: true });
  await connection.query(readFileSync(file, 'utf8'));
  await connection.end();
}
