/** The rows of SHOW VARIABLES. */
export interface VariableRow {
  readonly Variable_name: string;
  readonly Value: string;
}

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
   * Statements for each session. Where several nodes may write, a node answers a read only once it has applied what
   * the others had committed before: otherwise, a booking made through one instance would not exist for another.
   */
  get sessionSettings(): string | undefined {
    if (this.isGalera) return 'SET SESSION wsrep_sync_wait = 1';
    const hasManyWriters = this.values.get('group_replication_single_primary_mode') === 'OFF';
    if (!this.isGroupReplication || !hasManyWriters) return undefined;
    return `SET SESSION group_replication_consistency = 'BEFORE'`;
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
