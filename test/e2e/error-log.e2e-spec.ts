import { join } from 'node:path';
import request from 'supertest';
import { Clock } from '../../src/platform/common/index.js';
import { ServiceProcess, useApp, useDatabase } from '../kit/index.js';
import { logWatch } from '../kit/log-watch.js';
import { eventually } from '../kit/eventually.js';

const OPHELIA = 'ophelia@example.org';
const UNHANDLED = join(__dirname, 'support/unhandled.cjs');

/** In every test, the log watcher also checks that no log line names a person. */
describe('the log of failed requests', () => {
  const database = useDatabase();
  const app = useApp(database);

  const open = async (): Promise<string> => {
    const body = { name: 'Hamlet', totalTickets: 5 };
    return (await request(app.server).post('/initialize').send(body).expect(201)).body.id;
  };

  /** The log line that explains the answer. */
  const lineAbout = ({ body }: request.Response) => {
    const lines = app.log.filter(({ requestId }) => requestId === body.requestId);
    expect(lines.map(({ msg }) => msg)).toEqual(['A request failed unexpectedly', 'request']);
    expect(lines[1]).toMatchObject({ level: 40, status: 500, code: 'internal_error' });
    return lines[0]!;
  };

  const frames = expect.stringMatching(/^\s+at .+\.[jt]s:\d+:\d+/) as string;

  it('contains a line for every request', async () => {
    const eventId = await open();
    const { headers } = await request(app.server).get(`/status/${eventId}`).expect(200);
    const lines = app.log.filter(({ requestId }) => requestId === headers['x-request-id']);
    expect(lines).toEqual([
      expect.objectContaining({ method: 'GET', route: '/status/:eventId', status: 200 }),
    ]);
  });

  it('contains the message, cause and stack traces of an unexpected error', async () => {
    const clock = jest.spyOn(Clock.prototype, 'now').mockImplementation(() => {
      throw new Error('the clock stands still', { cause: new RangeError('no hands') });
    });
    const answer = await request(app.server)
      .post('/v1/events')
      .send({ name: 'Gala', totalTickets: 1 });
    clock.mockRestore();
    expect(lineAbout(answer)).toMatchObject({
      level: 50,
      code: 'internal_error',
      error: {
        type: 'Error',
        message: 'the clock stands still',
        stack: frames,
        cause: { type: 'RangeError', message: 'no hands', stack: frames },
      },
    });
  });

  it('contains the number and code of a database error, but none of its values', async () => {
    const eventId = await open();
    await database.query('RENAME TABLE users TO users_elsewhere');
    const list = await request(app.server).get(`/v1/bookings?identifier=${OPHELIA}`);
    const booked = await request(app.server).post('/book').send({ eventId, identifier: OPHELIA });
    await database.query('RENAME TABLE users_elsewhere TO users');
    for (const answer of [list, booked]) {
      const { error } = lineAbout(answer);
      expect(error).toMatchObject({ message: 'ER_NO_SUCH_TABLE', errno: 1146, stack: frames });
    }
  });

  it('does not repeat a database message that contains row data', async () => {
    const eventId = await open();
    await database.query(
      `CREATE TRIGGER loud BEFORE INSERT ON users FOR EACH ROW
       SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = NEW.identifier`,
    );
    const body = { eventId, identifier: OPHELIA };
    const answer = await request(app.server).post('/book').send(body);
    await database.query('DROP TRIGGER loud');
    const { error } = lineAbout(answer);
    expect(error).toMatchObject({ message: 'ER_SIGNAL_EXCEPTION', errno: 1644 });
    await request(app.server).post('/book').send(body).expect(201);
  });
});

describe('a service with an unhandled error', () => {
  const database = useDatabase();

  it('logs the reason without naming a person and exits with code 1', async () => {
    logWatch.values.add('identifier', OPHELIA);
    const service = await ServiceProcess.start({
      DATABASE_URL: database.url,
      NODE_OPTIONS: `--require=${UNHANDLED}`,
    });
    const eventId = await service.api.open(1);
    process.kill(service.pid, 'SIGUSR2');
    await eventually('the end', () => service.hasEnded);
    expect(await service.stop()).toBe(1);
    const line = service.output.split('\n').find((one) => one.startsWith('{"level":60'));
    expect(JSON.parse(line!)).toMatchObject({
      msg: 'Unhandled error; exiting',
      error: { message: 'nobody waits for this', cause: { message: 'ER_DUP_ENTRY', errno: 1062 } },
    });
    // Log lines that were still buffered have been written, too.
    expect(service.output).toContain('"route":"/initialize"');
    expect(service.output).not.toContain(eventId);
  });
});
