const WIDTH = 30;

/** A progress bar over the planned seconds of load; without a terminal, one line for each step. */
export class Progress {
  private doneSeconds = 0;
  private readonly startedAt = Date.now();
  private timer: NodeJS.Timeout | undefined;
  private stepStartedAt = 0;
  private stepSeconds = 0;
  private text = '';
  private readonly isLive = process.stderr.isTTY;

  constructor(private readonly plannedSeconds: number) {}

  /** Begins a step and ends the previous one. */
  begin(text: string, plannedSeconds: number): void {
    this.end();
    this.text = text;
    this.stepSeconds = plannedSeconds;
    this.stepStartedAt = Date.now();
    if (!this.isLive) {
      process.stderr.write(`${clock(this.startedAt)}  ${text}\n`);
      return;
    }
    this.draw();
    this.timer = setInterval(() => this.draw(), 250);
  }

  end(): void {
    clearInterval(this.timer);
    this.doneSeconds += this.stepSeconds;
    this.stepSeconds = 0;
    if (this.isLive) process.stderr.write('\r\x1b[2K');
  }

  private draw(): void {
    const inStep = Math.min((Date.now() - this.stepStartedAt) / 1000, this.stepSeconds);
    const share = Math.min(1, (this.doneSeconds + inStep) / Math.max(1, this.plannedSeconds));
    const full = Math.round(share * WIDTH);
    const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
    const line = `${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${clock(this.startedAt)}  ${this.text}`;
    process.stderr.write(`\r\x1b[2K${line.slice(0, (process.stderr.columns ?? 120) - 1)}`);
  }
}

function clock(since: number): string {
  const seconds = Math.floor((Date.now() - since) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
