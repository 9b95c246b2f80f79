import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row that instances write to find out whether the database can commit (commit-probe.ts). */
@Entity('commit_probes')
export class CommitProbeEntity {
  @PrimaryColumn({ name: 'slot', type: 'smallint', unsigned: true })
  slot!: number;

  @Column({ name: 'probes', type: 'bigint', unsigned: true })
  probes!: string;
}
