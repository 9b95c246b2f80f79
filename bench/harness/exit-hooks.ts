type Hook = () => void | Promise<void>;

const pending: Hook[] = [];

/** Runs when the benchmark ends, also by Ctrl-C. Last in, first out. */
export function onExit(hook: Hook): void {
  pending.push(hook);
}

export async function runExitHooks(): Promise<void> {
  for (let hook = pending.pop(); hook !== undefined; hook = pending.pop()) {
    // One that fails must not prevent the others.
    await Promise.resolve(hook()).catch((error: unknown) => {
      process.stderr.write(`exit hook failed: ${String(error)}\n`);
    });
  }
}

export function runExitHooksOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void runExitHooks().finally(() => process.exit(130)));
  }
}
