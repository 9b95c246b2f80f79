import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectTo } from '../kit/connect.js';
import { ServiceProcess, useDatabase } from '../kit/index.js';

const SCRIPT = join(__dirname, '../../deploy/mysql/service-user.sh');
const PASSWORD = 'letters-and-d1gits';

/** The statements of the script, which the image runs as root. */
function statements(database: string): string[] {
  const shell = `docker_process_sql() { cat; }\n${readFileSync(SCRIPT, 'utf8')}`;
  const image = { MYSQL_USER: 'rowlock', MYSQL_DATABASE: database };
  const env = { ...process.env, MYSQL_SERVICE_PASSWORD: PASSWORD, ...image };
  const sql = execFileSync('bash', ['-euc', shell], { env, encoding: 'utf8' });
  return sql.split(';\n').filter((statement) => statement.trim() !== '');
}

describe('the database user of docker-compose.yml', () => {
  let service: ServiceProcess | undefined;

  // Runs before the database is dropped.
  afterAll(async () => {
    await service?.stop();
    await database.query(`DROP USER IF EXISTS 'rowlock_service'@'%', 'rowlock'@'%'`);
  });
  const database = useDatabase();

  it('can do all that the service needs, and cannot change the schema', async () => {
    // The image has created the user for migrations.
    await database.query(`CREATE USER 'rowlock'@'%' IDENTIFIED BY '${PASSWORD}'`);
    for (const statement of statements(database.name)) await database.query(statement);
    const url = new URL(database.url);
    url.username = 'rowlock_service';
    url.password = PASSWORD;
    service = await ServiceProcess.start({ DATABASE_URL: url.href });
    const { api } = service;
    const eventId = await api.open(1);
    expect((await api.book(eventId, 'ann')).status).toBe(201);
    expect((await api.book(eventId, 'bob')).body).toMatchObject({ waitlisted: true });
    await api.audit(eventId);
    const connection = await connectTo(url.href);
    await expect(connection.query('CREATE TABLE mine (id INT)')).rejects.toThrow(/denied/);
    await expect(connection.query('DROP TABLE tickets')).rejects.toThrow(/denied/);
    await connection.end();
  });
});
