// How does a test run both levels of projection on the engine? Streams recorded, projected, and their groups rolled up until nothing is left.
import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { GroupName } from '../../domain/rollups/contributionRows.ts';
import { tables } from '../../domain/rows/catalog.ts';
import type { Fact } from '../../events/catalog.ts';
import type { HeadPlace } from '../../functions/project/headPlace.ts';
import { createProjectionStore } from '../../functions/project/projectionStore.ts';
import { createProjector, type Look, type Projected } from '../../functions/project/projector.ts';
import { createProjectGroup } from '../../functions/rollup/projectGroup.ts';
import { createRollupStore } from '../../functions/rollup/rollupStore.ts';
import { createRecordFacts } from '../../functions/stages/recordFacts.ts';
import { createCachedStreams, createGrown } from '../../functions/store/cachedStreams.ts';
import { createDynamoEventStore } from '../../functions/store/dynamoEventStore.ts';
import type { TestEngine } from './engine.ts';
import { fedGroups, rollUpAll } from './fedGroups.ts';
import { createProjections } from './projections.ts';

const groupTables: readonly string[] = tables.filter(({ grain }) => grain === 'group').map(({ name }) => name);

/** Makes tables of its own on the engine. */
export const createGroups = async (engine: TestEngine, begin: string) => {
  const { client } = engine;
  const table = await engine.eventsTable();
  const projections = await createProjections(client);
  const { tableOf } = projections;
  const store = createDynamoEventStore({ client, table });
  let now = begin;
  const woken: GroupName[] = [];
  const rows = createProjectionStore({ client, tableOf, random: Math.random });
  let headsRead = 0;
  const shared = {
    rows: {
      ...rows,
      head: (place: HeadPlace) => {
        headsRead += 1;
        return rows.head(place);
      },
    },
    wake: async (_: string, groups: readonly GroupName[]) => void woken.push(...groups),
    now: () => now,
    random: Math.random,
    ...{ release: 1, computedBy: 'code' },
  };
  const cache = createCachedStreams({ store, grown: createGrown({ client, table, random: Math.random }) });
  const project = createProjector({ ...shared, cache });
  const projectGroup = createProjectGroup({
    ...shared,
    groups: createRollupStore({ client, table: tableOf('contributions') }),
  });
  const recordFacts = createRecordFacts({ store, now: () => now, random: Math.random });

  const itemsOf = async (name: string) =>
    (await client.send(new ScanCommand({ TableName: tableOf(name), ConsistentRead: true }))).Items ?? [];

  const groups = () => fedGroups(client, tableOf('contributions'));

  return {
    at: (instant: string) => {
      now = instant;
    },
    woken,
    /** How many heads were read. */
    headsRead: () => headsRead,
    groups,
    project,
    projectGroup,
    record: async (facts: readonly Fact[]): Promise<readonly string[]> => {
      for (const fact of facts) await recordFacts(fact.streamId, [fact]);
      return [...new Set(facts.map(({ streamId }) => streamId))];
    },
    projectAll: async (streams: readonly string[], look?: Look): Promise<readonly Projected[]> => {
      const outcomes: Projected[] = [];
      for (const stream of streams) outcomes.push(await project(stream, look));
      return outcomes;
    },
    /** Rolls groups up, what feeds others before what they feed; also those that were fed before, and are not any more. */
    rollUp: (known: readonly GroupName[] = []): Promise<void> => rollUpAll(projectGroup, groups, known),
    /** Every row of a group, by table and key. */
    groupRows: async () =>
      Object.fromEntries(
        Object.entries(await projections.rows()).filter(([id]) => groupTables.includes(id.slice(0, id.indexOf('|')))),
      ),
    /** Takes away the rows of all groups, and their heads. */
    loseGroups: async (): Promise<void> => {
      for (const name of [...groupTables, 'rollup_heads']) {
        for (const { tenantId: tenant, rowKey } of await itemsOf(name)) {
          if (tenant === undefined || rowKey === undefined) continue;
          await client.send(new DeleteItemCommand({ TableName: tableOf(name), Key: { tenantId: tenant, rowKey } }));
        }
      }
    },
  };
};
export type Groups = Awaited<ReturnType<typeof createGroups>>;
