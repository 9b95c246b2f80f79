/** The rows of SHOW VARIABLES and SHOW STATUS. */
export interface VariableRow {
  readonly Variable_name: string;
  readonly Value: string;
}

/** Not a variable of a server: see SHOW_MEMBER. */
const IN_GROUP = 'group_replication_in_group';

/** Variables that tell what a server is. A server has only those of its own kind. */
const NAMES = [
  'group_replication_group_name',
  'group_replication_single_primary_mode',
  'hostname',
  'port',
  'read_only',
  'super_read_only',
  'wsrep_node_name',
  'wsrep_on',
];

export const SHOW_SERVER = `SHOW VARIABLES WHERE Variable_name IN ('${NAMES.join("', '")}')`;

/** What else decides whether a Galera node can be written. Where it is not ready, it answers nothing but this. */
export const SHOW_STATE = `SHOW GLOBAL STATUS WHERE Variable_name IN
  ('wsrep_cluster_status', 'wsrep_local_state_comment', 'wsrep_ready')`;

/**
 * Whether a member of Group Replication takes part in its group, as a row like those above. A member that was started
 * without its group is not read-only, and the group refuses it later if it has committed anything. The group itself
 * blocks every commit without a majority.
 */
export const SHOW_MEMBER = `SELECT '${IN_GROUP}' AS Variable_name,
  IF(SUM(member_state = 'ONLINE') * 2 > COUNT(*) AND
    SUM(member_id = @@server_uuid AND member_state = 'ONLINE') = 1, 'ON', 'OFF') AS Value
  FROM performance_schema.replication_group_members`;

/** What a server is, and whether it takes part in a cluster. */
export class ServerFacts {
  private readonly values: ReadonlyMap<string, string>;

  constructor(rows: readonly VariableRow[]) {
    this.values = new Map(rows.map((row) => [row.Variable_name.toLowerCase(), row.Value]));
  }

  get isGalera(): boolean {
    return this.isOn('wsrep_on');
  }

  get isGroupReplication(): boolean {
    return (this.values.get('group_replication_group_name') ?? '') !== '';
  }

  get isReadOnly(): boolean {
    return this.isOn('super_read_only') || this.isOn('read_only');
  }

  /**
   * Needs the rows of SHOW_STATE, too, and takes those of SHOW_MEMBER into account if they could be read. A node that
   * a new one copies its data from is not in sync.
   */
  get canBeWritten(): boolean {
    if (this.isReadOnly || this.values.get(IN_GROUP) === 'OFF') return false;
    if (!this.isGalera) return true;
    const state = ['wsrep_cluster_status', 'wsrep_local_state_comment', 'wsrep_ready'];
    return state.map((name) => this.values.get(name)).join() === 'Primary,Synced,ON';
  }

  /**
   * Statements for each session. Where several nodes may write, a node answers a read only once it has applied what
   * the others had committed before: otherwise, a booking made through one instance would not exist for another. A new
   * primary first applies what the previous one had committed.
   */
  get sessionSettings(): string | undefined {
    if (this.isGalera) return 'SET SESSION wsrep_sync_wait = 1';
    if (!this.isGroupReplication) return undefined;
    const hasManyWriters = this.values.get('group_replication_single_primary_mode') === 'OFF';
    const consistency = hasManyWriters ? 'BEFORE' : 'BEFORE_ON_PRIMARY_FAILOVER';
    return `SET SESSION group_replication_consistency = '${consistency}'`;
  }

  /** For people. */
  describe(): string {
    const node = `${this.values.get('hostname')}:${this.values.get('port')}`;
    const kind = this.kind(node);
    return this.isReadOnly ? `${kind}, READ-ONLY: nothing can be booked here` : kind;
  }

  private kind(node: string): string {
    if (this.isGalera) return `Galera node ${this.values.get('wsrep_node_name') || node}`;
    return this.isGroupReplication ? `Group Replication member ${node}` : 'single server';
  }

  private isOn(name: string): boolean {
    return !['OFF', '0', undefined].includes(this.values.get(name));
  }
}
