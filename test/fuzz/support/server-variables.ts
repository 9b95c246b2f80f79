import type { RandomChoices } from './random-choices.js';

const ISOLATION_LEVELS = ['READ UNCOMMITTED', 'READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'];

/** In most of these, a byte of another encoding and a backslash are one character. */
const CHARACTER_SETS = ['gbk', 'sjis', 'big5', 'cp932', 'latin1', 'utf8mb3', 'utf8mb4', 'ascii'];

/** Names that both engines know. */
const SQL_MODES: readonly string[] = [
  '',
  'ANSI_QUOTES',
  'NO_BACKSLASH_ESCAPES',
  'ANSI,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT',
  'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE',
  'PAD_CHAR_TO_FULL_LENGTH,NO_AUTO_VALUE_ON_ZERO',
  'NO_UNSIGNED_SUBTRACTION,HIGH_NOT_PRECEDENCE,IGNORE_SPACE',
];

const texts = (values: readonly string[]): readonly string[] => values.map((value) => `'${value}'`);

/** Global variables that a new connection starts with, and what an operator may have put there. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  character_set_server: CHARACTER_SETS,
  // They count because the server ignores what clients say in their handshake.
  character_set_client: CHARACTER_SETS,
  character_set_connection: CHARACTER_SETS,
  character_set_results: CHARACTER_SETS,
  sql_mode: texts(SQL_MODES),
  autocommit: ['ON', 'OFF'],
  completion_type: texts(['NO_CHAIN', 'CHAIN']),
  sql_select_limit: ['DEFAULT', '1'],
  time_zone: texts(['+00:00', '+05:30', '-11:00', 'SYSTEM']),
  innodb_lock_wait_timeout: ['1', '50'],
  lock_wait_timeout: ['1', '86400'],
  group_concat_max_len: ['4', '1024'],
};

/** Run at the start of each connection. */
const INIT_CONNECTS = texts([
  'SET NAMES gbk',
  'SET autocommit = 0',
  'SET NAMES sjis, sql_mode = ""',
  'SET NAMES big5, sql_mode = "NO_BACKSLASH_ESCAPES", autocommit = 0',
]);

/** MariaDB in seconds, MySQL in milliseconds. */
const TIME_LIMITS = {
  MariaDB: 'max_statement_time = 0.00001',
  MySQL: 'max_execution_time = 1',
} as const;

const set = (name: string, value: string): string => `SET GLOBAL ${name} = ${value}`;

/** Statements that give each variable one of its values. */
export const anyVariables = (random: RandomChoices, engine: keyof typeof TIME_LIMITS): string[] => [
  ...Object.entries(VARIABLES).map(([name, values]) => set(name, random.pick(values))),
  `SET GLOBAL TRANSACTION ISOLATION LEVEL ${random.pick(ISOLATION_LEVELS)}`,
  // Not both: the limit would end the other, and nobody could connect.
  random.percent(40)
    ? `SET GLOBAL ${TIME_LIMITS[engine]}`
    : set('init_connect', random.pick(INIT_CONNECTS)),
];

/** Statements that undo all this. */
export const ownVariables = (engine: keyof typeof TIME_LIMITS): string[] => [
  ...[...Object.keys(VARIABLES), 'init_connect'].map((name) => set(name, 'DEFAULT')),
  'SET GLOBAL TRANSACTION ISOLATION LEVEL REPEATABLE READ',
  `SET GLOBAL ${TIME_LIMITS[engine].replace(/[\d.]+$/, '0')}`,
];
