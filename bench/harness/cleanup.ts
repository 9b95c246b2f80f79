type Work = () => void | Promise<void>;

const pending: Work[] = [];

/** Leaves for the end (also an end by Ctrl-C) what must not stay behind. Last in, first out. */
export function atTheEnd(work: Work): void {
  pending.push(work);
}

export async function cleanUp(): Promise<void> {
  for (let work = pending.pop(); work !== undefined; work = pending.pop()) {
    // One that fails must not keep the others from being done.
    await Promise.resolve(work()).catch((error: unknown) => {
      process.stderr.write(`cleaning up: ${String(error)}\n`);
    });
  }
}

export function cleanUpOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(130)));
  }
}
