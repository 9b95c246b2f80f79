import type { VariableRow } from './server-facts.js';
import { Session } from './session.js';

const OURS: Readonly<Record<string, string>> = {
  autocommit: 'OFF',
  innodb_lock_wait_timeout: '3',
  character_set_client: 'utf8mb4',
  character_set_connection: 'utf8mb4',
  character_set_results: 'utf8mb4',
  collation_connection: 'utf8mb4_bin',
  sql_mode:
    'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION',
  time_zone: '+00:00',
  completion_type: 'NO_CHAIN',
  sql_select_limit: '18446744073709551615',
  transaction_isolation: 'READ-COMMITTED',
  wait_timeout: '10',
};

const rowsOf = (variables: Readonly<Record<string, string>>): VariableRow[] =>
  Object.entries(variables).map(([Variable_name, Value]) => ({ Variable_name, Value }));

describe('Session', () => {
  const session = new Session({ kind: 'transactions' });

  it('accepts what it has set, with either name of the isolation level', () => {
    const { transaction_isolation: level, ...others } = OURS;
    expect(() => session.verify(rowsOf(OURS))).not.toThrow();
    expect(() => session.verify(rowsOf({ ...others, tx_isolation: level! }))).not.toThrow();
  });

  it.each([
    ['character_set_client', 'gbk'],
    ['character_set_results', ''],
    ['collation_connection', 'utf8mb4_general_ci'],
    ['sql_mode', 'ANSI_QUOTES,STRICT_ALL_TABLES'],
    ['autocommit', 'ON'],
    ['time_zone', 'SYSTEM'],
    ['transaction_isolation', 'REPEATABLE-READ'],
    ['wait_timeout', '28800'],
  ])('names %s if it differs, and what it is', (name, value) => {
    const wrong = (): void => session.verify(rowsOf({ ...OURS, [name]: value }));
    expect(wrong).toThrow(
      new RegExp(`^the session has ${name} = ${value || "''"}, not .+\\bproxy`),
    );
  });

  it('does not accept a server that does not say its isolation level', () => {
    const { transaction_isolation: _, ...others } = OURS;
    expect(() => session.verify(rowsOf(others))).toThrow('no transaction_isolation');
  });

  it('has no autocommit where packets have several statements, and only there', () => {
    const autocommitOf = (kind: 'transactions' | 'reads' | 'migrations'): string | undefined =>
      /autocommit = (\w+)/.exec(new Session({ kind }).sql)?.[1];
    expect(autocommitOf('transactions')).toBe('OFF');
    expect([autocommitOf('reads'), autocommitOf('migrations')]).toEqual(['ON', 'ON']);
  });
});
