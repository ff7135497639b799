// In which table, and under which key, is the head of a stream or of a group?
import type { GroupName } from '../../domain/rollups/contributionRows.ts';
import { engagementHead } from '../../domain/rows/catalog.ts';
import { referenceHeads, rollupHeads } from '../../domain/rows/ownTables.ts';
import { type Row, shardOf } from '../../domain/rows/row.ts';
import { parseStreamId, streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';

export interface HeadPlace {
  readonly table: string;
  readonly tenantId: string;
  readonly rowKey: string;
}

/**
 * The place of a stream's head. An engagement's head is its row of `engagements`; the heads of parties, offers and campaigns have
 * a table of their own. Undefined where streams of its kind have no rows.
 */
export const headOfStream = (streamId: string): HeadPlace | undefined => {
  const { tenantId, kind, id } = parseStreamId(streamId);
  switch (kind) {
    case 'engagement':
      return { table: engagementHead, tenantId, rowKey: id };
    case 'party':
    case 'offer':
    case 'campaign':
      return { table: referenceHeads.name, tenantId, rowKey: `${kind}/${id}` };
    case 'identity':
    case 'source':
    case 'policy':
      return undefined;
    default:
      return kind satisfies never;
  }
};

/** The stream whose head is at a place; undefined for a group's head. */
export const streamOfHead = ({ table, tenantId, rowKey }: HeadPlace): string | undefined => {
  if (table === engagementHead) return streamIdOf(tenantId, 'engagement', rowKey);
  return table === referenceHeads.name ? `${tenantId}/${rowKey}` : undefined;
};

/** The place of a group's head. */
export const headOfGroup = (tenantId: string, { rollup, group }: GroupName): HeadPlace => ({
  table: rollupHeads.name,
  tenantId,
  rowKey: `${rollup}#${group}`,
});

/** The group whose head has this key. */
export const groupOfHead = (rowKey: string): GroupName => {
  const [rollup = '', ...group] = rowKey.split('#');
  return { rollup, group: group.join('#') };
};

/** A head that is not a row of a projection table. Its columns put it into the indexes by shard and by due instant. */
export const bareHead = ({ table, rowKey }: HeadPlace, nextDueAt: Instant | undefined): Row => ({
  table,
  rowKey,
  columns: {
    shard: shardOf(rowKey),
    dueShard: nextDueAt === undefined ? null : shardOf(rowKey),
    nextDueAt: nextDueAt ?? null,
  },
});
