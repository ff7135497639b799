// How does a test roll groups up? Every group to which something is fed, what feeds others before what they feed.
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { rollups } from '../../domain/rollups/catalog.ts';
import { type GroupName, groupOfPartition } from '../../domain/rollups/contributionRows.ts';
import type { ProjectGroup } from '../../functions/rollup/projectGroup.ts';
import { tenantId } from './histories/events.ts';

/** The groups to which something is fed now, by the table of contributions. */
export const fedGroups = async (client: DynamoDBClient, table: string): Promise<readonly GroupName[]> => {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
  const partitions = Items.flatMap(({ fed }) => fed?.S?.split('#').slice(1).join('#') ?? []);
  return [...new Set(partitions)].flatMap((partition) => groupOfPartition(partition) ?? []);
};

/** Rolls up the groups that `groups` finds, level by level, and those that are known beside them. */
export const rollUpAll = async (
  projectGroup: ProjectGroup,
  groups: () => Promise<readonly GroupName[]>,
  known: readonly GroupName[] = [],
): Promise<void> => {
  for (const { name } of rollups) {
    const all = [...known, ...(await groups())].filter(({ rollup }) => rollup === name);
    for (const group of new Map(all.map((each) => [each.group, each])).values()) await projectGroup(tenantId, group);
  }
};
