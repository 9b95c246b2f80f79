import mysql from 'mysql2/promise';
import { parseDatabaseUrl } from '../../src/platform/config/index.js';

/** An open connection with the settings of our data source. */
export async function connectTo(url: string): Promise<mysql.Connection> {
  const { username, ...address } = parseDatabaseUrl(url);
  return mysql.createConnection({
    ...address,
    user: username,
    timezone: 'Z',
    charset: 'utf8mb4',
  });
}
