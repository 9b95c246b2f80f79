/** Polls until the condition holds. @throws {Error} that names it, if it never does */
export async function eventually(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  msMax = 10_000,
): Promise<void> {
  const deadline = Date.now() + msMax;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Not within ${msMax} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
