import { ServerFacts } from './server-facts.js';

const factsOf = (values: Readonly<Record<string, string>>): ServerFacts =>
  new ServerFacts(
    Object.entries({ hostname: 'db', port: '3306', read_only: 'OFF', ...values }).map(
      ([Variable_name, Value]) => ({ Variable_name, Value }),
    ),
  );

const GROUP = { group_replication_group_name: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee' };

describe('ServerFacts', () => {
  it.each([
    [{}, 'single server'],
    [{ wsrep_on: 'OFF', wsrep_node_name: 'n1' }, 'single server'],
    [{ wsrep_on: 'ON', wsrep_node_name: 'n1' }, 'Galera node n1'],
    [GROUP, 'Group Replication member db:3306'],
    [
      { ...GROUP, read_only: 'ON', super_read_only: 'ON' },
      'Group Replication member db:3306, READ-ONLY: nothing can be booked here',
    ],
    [{ read_only: 'ON' }, 'single server, READ-ONLY: nothing can be booked here'],
  ])('describe %j: %s', (values, description) => {
    expect(factsOf(values).describe()).toBe(description);
  });

  it.each([
    [{}, undefined],
    [{ wsrep_on: 'ON' }, 'SET SESSION wsrep_sync_wait = 1'],
    [
      { ...GROUP, group_replication_single_primary_mode: 'ON' },
      `SET SESSION group_replication_consistency = 'BEFORE_ON_PRIMARY_FAILOVER'`,
    ],
    [
      { ...GROUP, group_replication_single_primary_mode: 'OFF' },
      `SET SESSION group_replication_consistency = 'BEFORE'`,
    ],
  ])('for %j, make reads wait for other writers: %s', (values, statement) => {
    expect(factsOf(values).sessionSettings).toBe(statement);
  });

  const SYNCED = {
    wsrep_on: 'ON',
    wsrep_cluster_status: 'Primary',
    wsrep_local_state_comment: 'Synced',
    wsrep_ready: 'ON',
  };
  it.each([
    [{}, true],
    [{ read_only: 'ON' }, false],
    [GROUP, true],
    [{ ...GROUP, super_read_only: 'ON' }, false],
    [{ ...GROUP, group_replication_in_group: 'ON' }, true],
    [{ ...GROUP, group_replication_in_group: 'OFF' }, false],
    [SYNCED, true],
    [{ ...SYNCED, wsrep_ready: 'OFF' }, false],
    [{ ...SYNCED, wsrep_cluster_status: 'non-Primary' }, false],
    [{ ...SYNCED, wsrep_local_state_comment: 'Donor/Desynced' }, false],
    [{ ...SYNCED, read_only: 'ON' }, false],
  ])('tell for %j whether it can be written: %s', (values, expected) => {
    expect(factsOf(values).canBeWritten).toBe(expected);
  });
});
