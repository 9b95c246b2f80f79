import { ServiceProcess, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/transactions.js';

interface Line {
  readonly requestId?: string;
  readonly status?: number;
}

describe('the log of a request', () => {
  const database = useDatabase();
  let service: ServiceProcess;

  beforeAll(async () => {
    service = await ServiceProcess.start({ DATABASE_URL: database.url, LOG_LEVEL: 'info' });
  });

  afterAll(() => service.stop());

  const linesAbout = (requestId: string): Line[] =>
    service.output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line)
      .filter((line) => line.requestId === requestId);

  const lineAbout = async (requestId: string): Promise<Line> => {
    await eventually('the line', () => linesAbout(requestId).length > 0);
    const lines = linesAbout(requestId);
    expect(lines).toHaveLength(1);
    return lines[0]!;
  };

  it('is one line with the outcome', async () => {
    const eventId = await service.api.open(1);
    const ask = (id: string, more: object = {}) =>
      service.api.post(
        '/book',
        { eventId, identifier: `${id}@example.org`, ...more },
        { 'X-Request-Id': id },
      );
    expect((await ask('first')).status).toBe(201);
    expect((await ask('second', { onSoldOut: 'refuse' })).status).toBe(409);
    expect((await ask('third', { quantity: 'x' })).status).toBe(400);
    const common = { level: 30, method: 'POST', route: '/book', msg: 'request' };
    const also = { time: expect.any(Number) as number, ms: expect.any(Number) as number };
    const line = { ...common, ...also };
    expect(await lineAbout('first')).toEqual({ ...line, requestId: 'first', status: 201 });
    expect(await lineAbout('second')).toEqual({
      ...line,
      requestId: 'second',
      status: 409,
      code: 'sold_out',
    });
    expect(await lineAbout('third')).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(service.output).not.toContain('example.org');
  });

  it('names what was refused before it had an address', async () => {
    const headers = { 'X-Request-Id': 'nowhere' };
    await service.api.send('GET', '/nowhere', undefined, headers);
    expect(await lineAbout('nowhere')).toMatchObject({ status: 404, code: 'not_found' });
  });
});
