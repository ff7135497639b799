// Which groups do an owner's rows feed, and how are groups woken?
// Project, rollup and sweep call it; it sends each group once to rollup's queue.
import { type GroupName, groupOfPartition } from '../../domain/rollups/contributionRows.ts';
import { contributions } from '../../domain/rows/ownTables.ts';
import type { SendMessages } from '../aws/sqs.ts';
import type { Head } from './headState.ts';
import { placeOfRow } from './rowItem.ts';

/** Wakes groups of a tenant; in a rebuild, also the groups that they feed, where those have no head. */
export type WakeGroups = (tenantId: string, groups: readonly GroupName[], rebuild?: 'rebuild') => Promise<void>;

const onceEach = (groups: readonly GroupName[]): readonly GroupName[] => [
  ...new Map(groups.map(({ rollup, group }) => [JSON.stringify([rollup, group]), { rollup, group }])).values(),
];

/** The groups that a head's rows feed, each once. */
export const groupsFedBy = ({ digests }: Pick<Head, 'digests'>): readonly GroupName[] =>
  onceEach(
    Object.keys(digests).flatMap((id) => {
      const { table, partition } = placeOfRow(id);
      return table === contributions.name && partition !== undefined ? (groupOfPartition(partition) ?? []) : [];
    }),
  );

/** Wakes groups through a queue. */
export const wakeGroups =
  (send: SendMessages, queueUrl: string): WakeGroups =>
  async (tenantId, groups, rebuild) => {
    const how = rebuild === undefined ? {} : { rebuild: true };
    await send(
      queueUrl,
      onceEach(groups).map((group) => ({ tenantId, body: { tenantId, ...group, ...how } })),
    );
  };
