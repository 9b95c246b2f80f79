import fastify from 'fastify';

/** The upper bound for GET /status: Fastify serialises one object, without a database. */
const answer = JSON.parse(process.env['ANSWER']!) as object;

const app = fastify();
app.get('/health/live', () => ({ status: 'up' }));
app.get('/status/:eventId', () => answer);
void app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
