import fastify from 'fastify';

/** What Fastify itself can answer: one GET, one object turned into JSON, no database. */
const answer = JSON.parse(process.env['ANSWER']!) as object;

const app = fastify();
app.get('/health/live', () => ({ status: 'up' }));
app.get('/status/:eventId', () => answer);
void app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
