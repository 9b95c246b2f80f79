import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Api, assertInvariants, tally } from '@rowlock/test-kit';

const { ROWLOCK_URL = 'http://127.0.0.1:3000', ROWLOCK_KEY, DATABASE_URL } = process.env;

const headers = ROWLOCK_KEY === undefined ? {} : { Authorization: `Bearer ${ROWLOCK_KEY}` };
const api = new Api(ROWLOCK_URL, headers);
after(() => api.close());

void test('sells ten tickets to ten of fifty callers and puts the others on the waitlist', async () => {
  const eventId = await api.open(10, 'First night');
  const callers = Array.from({ length: 50 }, (_, nth) => api.book(eventId, `caller-${nth}`));
  const { booked, waitlisted, failed } = tally(await Promise.all(callers));
  assert.deepEqual({ booked, waitlisted, failed }, { booked: 10, waitlisted: 40, failed: 0 });
  await api.audit(eventId);
  if (DATABASE_URL !== undefined) console.log(await assertInvariants(DATABASE_URL));
});
