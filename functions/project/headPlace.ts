// Where does a head stand? An engagement's is its row of `engagements`; those of other streams and of groups have tables of their own.
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

/** The place of a stream's head; undefined where streams of its kind have no rows. */
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

/** The stream whose head stands at a place; undefined where it is a group's. */
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

/** A head that is no row of a table: it stands in the indexes by its shard, and by when it next changes. */
export const bareHead = ({ table, rowKey }: HeadPlace, nextDueAt: Instant | undefined): Row => ({
  table,
  rowKey,
  columns: {
    shard: shardOf(rowKey),
    dueShard: nextDueAt === undefined ? null : shardOf(rowKey),
    nextDueAt: nextDueAt ?? null,
  },
});
