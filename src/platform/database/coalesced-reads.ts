/**
 * Lets concurrent callers share one read per key, without ever returning data older than the call: a caller
 * that arrives during a read gets the next one, which starts when the current read has ended.
 */
export class CoalescedReads<Value> {
  private readonly running = new Map<string, Promise<unknown>>();
  private readonly next = new Map<string, Promise<Value>>();

  constructor(private readonly load: (key: string) => Promise<Value>) {}

  get(key: string): Promise<Value> {
    const waiting = this.next.get(key);
    if (waiting !== undefined) return waiting;
    const current = this.running.get(key);
    if (current === undefined) return this.start(key);
    const next = current.then(() => {
      this.next.delete(key);
      return this.start(key);
    });
    this.next.set(key, next);
    return next;
  }

  private start(key: string): Promise<Value> {
    const read = this.load(key);
    this.running.set(key, this.forgetWhenSettled(key, read));
    return read;
  }

  /** Never rejects: an error of the read goes to its callers. */
  private async forgetWhenSettled(key: string, read: Promise<Value>): Promise<void> {
    try {
      await read;
    } catch {
      // Callers that wait for this read start the next one.
    }
    this.running.delete(key);
  }
}
