import { totalmem } from 'node:os';
import type { ServerBinary } from './binary.js';
import type { Layout } from './layout.js';

const MEBIBYTE = 1024 * 1024;
const BUFFER_POOL_MIN = 128 * MEBIBYTE;
const BUFFER_POOL_MAX = 1024 * MEBIBYTE;

/** The command line of the running server. */
export function serverArguments(binary: ServerBinary, layout: Layout): string[] {
  return [
    // Must come first, or an /etc/mysql/my.cnf of the machine leaks into our server.
    '--no-defaults',
    `--datadir=${layout.data}`,
    ...identity(),
    // Nobody but the owner of the 0700 folder reaches the socket, and there is no other way in:
    // that is what makes a root account without a password acceptable here.
    '--skip-networking',
    `--socket=${layout.socket}`,
    ...ownTemporaryFolder(layout),
    `--pid-file=${layout.data}/mysqld.pid`,
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_bin',
    '--default-time-zone=+00:00',
    '--transaction-isolation=READ-COMMITTED',
    '--max-connections=500',
    '--performance-schema=OFF',
    `--innodb-buffer-pool-size=${bufferPoolBytes()}`,
    // A commit that was answered is on the disk: this is the real database, not a test double.
    '--innodb-flush-log-at-trx-commit=1',
    ...engineSettings(binary),
  ];
}

/** The command line that fills an empty folder for MySQL. */
export function mysqlInitArguments(layout: Layout, folder: string): string[] {
  return [
    '--no-defaults',
    '--initialize-insecure',
    `--datadir=${folder}`,
    ...identity(),
    ...ownTemporaryFolder(layout),
    '--secure-file-priv=NULL',
    '--loose-mysqlx=OFF',
    '--auto-generate-certs=OFF',
  ];
}

/** Both engines refuse to run as root unless told to in so many words (containers do). */
export function identity(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : [];
}

/**
 * A starting MariaDB deletes every `#sql*` file in its temporary folder. In /tmp these may be
 * another server's, which fails then ("Error on delete of '/tmp/#sql-temptable…'"): seen here, when
 * two were prepared at once.
 */
export function ownTemporaryFolder(layout: Layout): string[] {
  return [`--tmpdir=${layout.temporary}`];
}

function engineSettings({ engine }: ServerBinary): string[] {
  if (engine === 'MariaDB') return ['--innodb-log-file-size=256M'];
  return [
    '--sync-binlog=1',
    '--binlog-expire-logs-seconds=86400',
    // "loose": early releases of MySQL 8.0 do not know it and shall start all the same.
    '--loose-innodb-redo-log-capacity=512M',
    '--loose-mysqlx=OFF',
    // The compiled-in default is a folder that only the full server package creates.
    '--secure-file-priv=NULL',
    // Certificates for a server that no network reaches would only be readable files lying about.
    '--auto-generate-certs=OFF',
  ];
}

function bufferPoolBytes(): number {
  const share = Math.floor(totalmem() / 8 / MEBIBYTE) * MEBIBYTE;
  return Math.min(BUFFER_POOL_MAX, Math.max(BUFFER_POOL_MIN, share));
}
