import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedServerError } from '../../src/embedded-mysql/embedded-server.error.js';
import { query, Sandbox } from './support/harness.js';

/** Runs the test with a disk of this size, which needs root. */
async function withDisk(size: string, test: (sandbox: Sandbox, disk: string) => Promise<void>) {
  await Sandbox.with(async (sandbox) => {
    const disk = join(sandbox.root, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]);
    try {
      await test(sandbox, disk);
    } finally {
      execFileSync('umount', ['--lazy', disk]);
    }
  });
}

/** Fills the disk to the last block, and returns the file that does. */
function fill(disk: string): string {
  const path = join(disk, 'filler');
  const file = openSync(path, 'w');
  const block = Buffer.alloc(64 * 1024);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    closeSync(file);
  }
  return path;
}

describe('the embedded server, on a disk without space', () => {
  it.each(['20m', '300m'])('says so in one sentence if the disk has %s', async (size) => {
    await withDisk(size, async (sandbox, disk) => {
      const started = sandbox.start(undefined, join(disk, 'mysql'));
      await expect(started).rejects.toThrow(EmbeddedServerError);
      await expect(started).rejects.toThrow(
        /^The disk of \S+ \(DATA_DIR\) is too full: \d+ MB are free, .* needs 400 MB\. .*another disk\.$/,
      );
    });
  });

  it('says so if the disk has become full, and starts once there is space', async () => {
    await withDisk('450m', async (sandbox, disk) => {
      const dataDir = join(disk, 'mysql');
      const first = await sandbox.start(undefined, dataDir);
      await query(first.url, 'CREATE TABLE seats (n INT)', 'INSERT INTO seats VALUES (7)');
      await first.stop();
      const filler = fill(disk);
      expect(statfsSync(disk).bavail).toBe(0);
      const started = sandbox.start(undefined, dataDir);
      await expect(started).rejects.toThrow(
        /^The disk of \S+ \(DATA_DIR\) is full: \d+ MB are free\. .*another disk\.$/,
      );
      rmSync(filler);
      const server = await sandbox.start(undefined, dataDir);
      expect(await query(server.url, 'SELECT n FROM seats')).toEqual([{ n: 7 }]);
      await server.stop();
    });
  });
});
