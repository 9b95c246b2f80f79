import { connect, type Socket } from 'node:net';
import { ServiceProcess, useDatabase } from '../kit/index.js';

const opened = async (url: string): Promise<Socket> => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
};

describe('shutting down', () => {
  const database = useDatabase();

  it('waits neither for clients that hung up nor for those that say nothing', async () => {
    const service = await ServiceProcess.start({ DATABASE_URL: database.url });
    const eventId = await service.api.open(10);
    const body = JSON.stringify({ eventId, identifier: 'ann' });
    for (let hangUps = 0; hangUps < 3; hangUps += 1) {
      const socket = await opened(service.api.baseUrl);
      socket.write(
        `POST /book HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      );
      socket.destroySoon();
    }
    const half = await opened(service.api.baseUrl);
    half.write(
      `POST /book HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{`,
    );
    half.destroySoon();
    const silent = await opened(service.api.baseUrl);
    silent.on('error', () => undefined);
    expect((await service.api.status(eventId)).status).toBe(200);
    const start = performance.now();
    expect(await service.stop()).toBe(0);
    expect(performance.now() - start).toBeLessThan(5_000);
    silent.destroy();
  });
});
