// Loaded into both threads of a service (NODE_OPTIONS=--require). Plants faults in one of them.
const { existsSync, rmSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const { CRASH_ENGINE_WHEN, STALL_HTTP_MS } = process.env;

if (!isMainThread && CRASH_ENGINE_WHEN) {
  setInterval(() => {
    if (!existsSync(CRASH_ENGINE_WHEN)) return;
    rmSync(CRASH_ENGINE_WHEN);
    throw new Error('planted');
  }, 5).unref();
}

if (isMainThread && STALL_HTTP_MS) {
  setInterval(() => {
    const until = performance.now() + Number(STALL_HTTP_MS);
    while (performance.now() < until);
  }, 1_000).unref();
}
