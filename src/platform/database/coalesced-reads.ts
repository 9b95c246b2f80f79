/**
 * Lets callers who ask for the same thing at the same moment share one query, without ever giving
 * anyone an answer from before he asked: who comes while a query runs gets the next one, which starts
 * when the running one has ended.
 */
export class CoalescedReads<Value> {
  private readonly running = new Map<string, Promise<unknown>>();
  private readonly next = new Map<string, Promise<Value>>();

  constructor(private readonly load: (key: string) => Promise<Value>) {}

  get(key: string): Promise<Value> {
    const waiting = this.next.get(key);
    if (waiting !== undefined) return waiting;
    const before = this.running.get(key);
    if (before === undefined) return this.start(key);
    const promised = before.then(() => {
      this.next.delete(key);
      return this.start(key);
    });
    this.next.set(key, promised);
    return promised;
  }

  private start(key: string): Promise<Value> {
    const answer = this.load(key);
    this.running.set(key, this.forgetWhenSettled(key, answer));
    return answer;
  }

  /** Ends without an error, also if the read has one: that is for those who asked. */
  private async forgetWhenSettled(key: string, answer: Promise<Value>): Promise<void> {
    try {
      await answer;
    } catch {
      // Whoever waits behind this read starts one of his own.
    }
    this.running.delete(key);
  }
}
