import type { RandomChoices } from './random-choices.js';

/** In UTF-8 they end in a byte that begins a character of GBK, Shift JIS or Big5. */
const BEFORE_THE_QUOTE = [
  '',
  '中',
  '文',
  'é',
  'ü',
  '¿',
  'ソ',
  '表',
  '한',
  '\u{1f600}',
  '\\',
  '\\\\',
];
const QUOTES = ["'", '"', "\\'", '\\"', "''", '`', "'\\''"];
const CLOSING = ['', ')', '))', ') ', ' or 1=1) '];
const COMMENTS = ['-- x', '#', '/*', '-- \\', ';', "' or '"];

const STATEMENTS: readonly string[] = [
  "update api_keys set scopes = 'admin'",
  'delete from api_keys',
  'update sections set capacity = 999',
  'update events set name = 0x41',
  'drop table bookings',
  'truncate outbox_messages',
  "set session sql_mode = ''",
  'rollback',
];

/**
 * A text that would become SQL if it stood in a statement, escaped for another character set or sql_mode.
 * It is a normalised identifier that nobody else has.
 */
export const injection = (random: RandomChoices, id: string): string =>
  [
    `${id}-`,
    random.pick(BEFORE_THE_QUOTE),
    random.pick(QUOTES),
    random.pick(CLOSING),
    `; ${random.pick(STATEMENTS)}; commit; `,
    random.pick(COMMENTS),
  ].join('');
