import { toSqlText } from './sql-text.js';

const textOf = (value: unknown): string => toSqlText({ sql: '?', parameters: [value] });

describe('toSqlText', () => {
  it('leaves a statement without values as it is', () => {
    expect(toSqlText({ sql: 'SELECT 1', parameters: [] })).toBe('SELECT 1');
  });

  it('puts values in the order of the placeholders', () => {
    const sql = 'UPDATE a SET b = ?, c = ? WHERE id IN (?)';
    expect(toSqlText({ sql, parameters: [1, null, ['x', 'y']] })).toBe(
      "UPDATE a SET b = 1, c = NULL WHERE id IN ('x', 'y')",
    );
  });

  it('writes rows in parentheses', () => {
    const rows = [
      ['a', 1],
      ['b', undefined],
    ];
    expect(toSqlText({ sql: 'INSERT INTO t VALUES ?', parameters: [rows] })).toBe(
      "INSERT INTO t VALUES ('a', 1), ('b', NULL)",
    );
  });

  it('does not take a question mark in a value for a placeholder', () => {
    expect(toSqlText({ sql: 'SELECT ?, ?', parameters: ['really?', 'yes'] })).toBe(
      "SELECT 'really?', 'yes'",
    );
  });

  it.each([
    ['', "''"],
    ['ann@example.org', "'ann@example.org'"],
    ['{"a":1}', `'{"a":1}'`],
    ["o'brien", "_utf8mb4 x'6f27627269656e'"],
    ['a\\', "_utf8mb4 x'615c'"],
    ['é', "_utf8mb4 x'c3a9'"],
    ['a\nb', "_utf8mb4 x'610a62'"],
    ['\0', "_utf8mb4 x'00'"],
    [
      "中')); DROP TABLE users; -- ",
      "_utf8mb4 x'e4b8ad2729293b2044524f50205441424c452075736572733b202d2d20'",
    ],
  ])('writes the text %j so that no character set changes its meaning', (text, sql) => {
    expect(textOf(text)).toBe(sql);
  });

  it.each([
    [0, '0'],
    [-1.5, '-1.5'],
    [10n, '10'],
    [true, '1'],
    [false, '0'],
    [null, 'NULL'],
    [new Date('2026-11-27T18:19:22.319Z'), "'2026-11-27 18:19:22.319'"],
    [Buffer.from([1, 255]), "x'01ff'"],
  ])('writes %p', (value, sql) => {
    expect(textOf(value)).toBe(sql);
  });

  it.each([[Number.NaN], [Infinity], [{}], [() => 1], [Symbol('a')]])('rejects %p', (value) => {
    expect(() => textOf(value)).toThrow(TypeError);
  });

  it('rejects a value without a placeholder', () => {
    expect(() => toSqlText({ sql: 'SELECT 1', parameters: [1] })).toThrow('More values');
  });
});
