// How many messages of each connection of a tenant have come, and how have they ended, by reason?
// The queries of receipts call it; it reads the table of sources.
import { type EndingCounts, endingCountsIn } from './endingCounts.ts';
import type { SourceRows } from './sourceRows.ts';

export interface CountedSource extends EndingCounts {
  readonly connection: string;
  readonly source: string | null;
  readonly lastHeardAt: string | null;
  /** Messages that were stored, repeated ones too; the last ones of a burst are counted with the next message. */
  readonly received: number;
}

export type SourceCounts = (tenantId: string) => Promise<readonly CountedSource[]>;

export const createSourceCounts =
  (rows: SourceRows): SourceCounts =>
  async (tenantId) =>
    (await rows(tenantId)).map((row) => ({
      connection: row.connectionId,
      source: row.source ?? null,
      lastHeardAt: row.lastHeardAt ?? null,
      received: Number(row.received ?? 0),
      ...endingCountsIn(row),
    }));
