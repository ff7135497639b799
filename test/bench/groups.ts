// What does a large group cost? A partner of 5,000 customers, an engagement each, projected whole: against a bare Query of what was fed to it.
import { BatchWriteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { rollupNamed } from '../../domain/rollups/catalog.ts';
import { contributionRows, type GroupName, partitionOf } from '../../domain/rollups/contributionRows.ts';
import type { Row } from '../../domain/rows/row.ts';
import { createProjectionStore } from '../../functions/project/projectionStore.ts';
import { rowItem } from '../../functions/project/rowItem.ts';
import { createProjectGroup } from '../../functions/rollup/projectGroup.ts';
import { createRollupStore } from '../../functions/rollup/rollupStore.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { createProjections, type Projections } from '../support/projections.ts';
import { type Bench, medianOf } from './sideBySide.ts';

const customers = 5_000;
const rounds = 5;
const now = '2026-06-30T12:00:00.000Z';
const tenantId = 'bench';
const partner = 'partner-1';
const group: GroupName = { rollup: 'partner_months', group: partner };
const atATime = 25;

const engagementOf = (index: number): string => `engagement-${String(index).padStart(5, '0')}`;

/** One subscription, which begins in some month of two years and grows once. */
const steps = (index: number): readonly Row[] => {
  const month = String((index % 12) + 1).padStart(2, '0');
  const step = (at: string, fromMinor: number, toMinor: number): Row => ({
    table: 'arr_steps',
    rowKey: `${engagementOf(index)}#${at}`,
    columns: {
      ...{ engagementId: engagementOf(index), leadPartnerId: partner, lastEventId: `event-${index}`, policyVersion: 0 },
      ...{ at, kind: 'change', subscriptionId: `subscription-${index}`, subscriptions: 1 },
      ...{
        customerId: `customer-${index}`,
        partnerId: partner,
        partnerBy: 'lead',
        currency: 'EUR',
        fromMinor,
        toMinor,
      },
      ...{ amountReason: null, cause: 'SubscriptionStarted', causeEvent: `event-${index}` },
    },
  });
  return [
    step(`2024-${month}-10T00:00:00.000Z`, 0, 120_000),
    step(`2025-${month}-10T00:00:00.000Z`, 120_000, 150_000 + index),
  ];
};

/** What an engagement's rows feed to the partner, through its customer's group. */
const fedBy = (index: number): readonly Row[] => {
  const rollup = rollupNamed('customer_months');
  if (rollup === undefined) throw new Error('there is no rollup customer_months');
  return rollup
    .contribute(steps(index))
    .filter(({ group: of }) => of.includes(partner))
    .flatMap(({ group: of, part, data }) => {
      const fed = [{ owner: engagementOf(index), part, data: JSON.parse(JSON.stringify(data)) }];
      return contributionRows(of, rollup.rowsOf({ tenantId, group: of, fed, now }).rows);
    })
    .filter(({ partition }) => partition?.startsWith(`${group.rollup}#`));
};

const fill = async ({ client }: TestEngine, { tableOf }: Projections): Promise<number> => {
  let bytes = 0;
  for (let start = 0; start < customers; start += atATime) {
    const rows = Array.from({ length: atATime }, (_, index) => start + index).flatMap(fedBy);
    bytes += rows.reduce((sum, { columns }) => sum + String(columns.data).length, 0);
    const puts = rows.map((row) => ({ PutRequest: { Item: rowItem(tenantId, row) } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [tableOf('contributions')]: puts } }));
  }
  return bytes;
};

const msOf = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

export const groups: Bench = async () => {
  const engine = await startTestEngine({ on: 'disk' });
  try {
    const projections = await createProjections(engine.client);
    const { client } = engine;
    const { tableOf } = projections;
    const bytes = await fill(engine, projections);
    const buckets = rollupNamed(group.rollup)?.buckets ?? 1;
    const bareQuery = async (): Promise<void> => {
      for (let bucket = 0; bucket < buckets; bucket += 1) {
        const of = { ':of': { S: `${tenantId}#${partitionOf(group, bucket)}` } };
        let from: Record<string, { readonly S: string }> | undefined;
        do {
          const page = await client.send(
            new QueryCommand({
              TableName: tableOf('contributions'),
              ConsistentRead: true,
              KeyConditionExpression: 'fed = :of',
              ExpressionAttributeValues: of,
              ExclusiveStartKey: from,
            }),
          );
          const last = page.LastEvaluatedKey?.rowKey?.S;
          from = last === undefined ? undefined : { fed: of[':of'], rowKey: { S: last } };
        } while (from !== undefined);
      }
    };
    const project = createProjectGroup({
      groups: createRollupStore({ client, table: tableOf('contributions') }),
      rows: createProjectionStore({ client, tableOf, random: Math.random }),
      wake: async () => undefined,
      now: () => now,
      random: Math.random,
      release: 1,
      computedBy: 'bench',
    });
    const first = await msOf(() => project(tenantId, group));
    const again: number[] = [];
    const floors: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      again.push(await msOf(() => project(tenantId, group)));
      floors.push(await msOf(bareQuery));
    }
    const [figure, floor] = [medianOf(again), medianOf(floors)];
    return [
      { name: `a group of ${customers} engagements projected for the first time`, unit: 'ms', figure: first },
      { name: `projected again / Query of what was fed`, unit: 'ms', figure, floor, ratio: figure / floor },
      { name: 'what is read for it each time', unit: 'KB', figure: bytes / 1024 },
    ];
  } finally {
    await engine.stop();
  }
};
