import { join, resolve } from 'node:path';
import { EmbeddedServerError } from './embedded-server.error.js';

/** The files of an embedded server. Our own files stay outside `data`, which is the server's alone. */
export interface Layout {
  readonly root: string;
  readonly marker: string;
  readonly data: string;
  readonly temporary: string;
  readonly socket: string;
  readonly pidFile: string;
  readonly errorLog: string;
}

// sockaddr_un.sun_path is 108 bytes on Linux and 104 on macOS and the BSDs, one of them for the NUL.
const SOCKET_PATH_BYTES_MAX = process.platform === 'linux' ? 107 : 103;
// The longest socket path in use: the owner's, two successors deep (see ownership.ts).
const LONGEST_SOCKET = 'owner/next/next/s';

export function layoutOf(dataDir: string): Layout {
  const root = resolve(dataDir);
  assertSocketsFit(root);
  return {
    root,
    marker: join(root, 'rowlock.json'),
    data: join(root, 'data'),
    temporary: join(root, 'tmp'),
    socket: join(root, 'mysql.sock'),
    pidFile: join(root, 'server.pid'),
    errorLog: join(root, 'error.log'),
  };
}

function assertSocketsFit(root: string): void {
  const rootBytesMax = SOCKET_PATH_BYTES_MAX - LONGEST_SOCKET.length - 1;
  const rootBytes = Buffer.byteLength(root);
  if (rootBytes <= rootBytesMax) return;
  throw new EmbeddedServerError(
    `The path ${root} is too long for the embedded database: it has ${rootBytes} bytes, and the ` +
      `operating system's limit for Unix sockets allows ${rootBytesMax}. ` +
      `Set DATA_DIR to a folder with a shorter path, or set DATABASE_URL.`,
  );
}

/** The URL under which this service, and others that it tells, reach the server. A shell may quote it with '. */
export function urlOf(layout: Layout, database: string): string {
  const socket = encodeURIComponent(layout.socket).replaceAll("'", '%27');
  return `mysql://root@localhost/${encodeURIComponent(database)}?socketPath=${socket}`;
}
