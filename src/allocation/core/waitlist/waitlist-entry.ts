/** An entry that is WAITING. */
export interface WaitingEntry {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string;
  readonly userId: string;
  readonly quantity: number;
  readonly seq: number;
  readonly createdAt: Date;
}

/** How an entry ended. */
export type EntryEnd = 'PROMOTED' | 'LEFT' | 'VOIDED' | 'DECLINED' | 'EXPIRED';

export type EntryStatus = 'WAITING' | 'OFFERED' | EntryEnd;

/** An entry in any status. It has a hold only while it is OFFERED. */
export type WaitlistEntry = WaitingEntry & {
  readonly status: EntryStatus;
  readonly holdId: string | null;
};
