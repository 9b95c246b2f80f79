import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LEFT_BYTES = 256 * 1024;

/** A folder on a small file system of its own, in memory. Only root can mount it. */
export class SmallDisk {
  private readonly filler: string;

  /** Moves the contents of the folder to the new disk. */
  constructor(
    private readonly folder: string,
    mebibytes: number,
  ) {
    const before = `${folder}.before`;
    renameSync(folder, before);
    mkdirSync(folder);
    const options = `size=${mebibytes}m,mode=700`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
    cpSync(before, folder, { recursive: true, preserveTimestamps: true });
    rmSync(before, { recursive: true });
    this.filler = join(folder, 'filler');
  }

  /** Leaves less space than a table takes at once. */
  fill(): void {
    const { bavail, bsize } = statfsSync(this.folder);
    writeFileSync(this.filler, Buffer.alloc(bavail * bsize - LEFT_BYTES));
  }

  clear(): void {
    rmSync(this.filler, { force: true });
  }

  unmount(): void {
    execFileSync('umount', [this.folder]);
  }
}
