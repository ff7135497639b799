// How does a test prove that rows can be made again? By removing every row of an instance, with its head, as one would who doubts them.
import { DeleteItemCommand, DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { ownTables } from '../../../domain/rows/ownTables.ts';
import { sendCommand } from '../../../infra/commands/commandServer.ts';
import { openAccessKeys } from '../../../infra/local/core/accessKeys.ts';
import { operatorKey } from '../../../infra/local/core/awsNames.ts';

const Endpoints = z.looseObject({ dynamodb: z.string() });

/** Whether a table of the template holds heads, or what else rows need beside them. */
const isOwn = (table: string): boolean =>
  ownTables.some(({ name }) => table.toLowerCase().endsWith(`rows-${name.replaceAll('_', '')}`));

/** Removes every row and head of the instance that runs on a data directory; answers how many rows there were. */
export const removeRows = async (dataDir: string): Promise<number> => {
  const { dynamodb: endpoint } = Endpoints.parse((await sendCommand(dataDir, 'endpoints', {}))?.answer);
  const credentials = openAccessKeys(dataDir).credentialsOf(operatorKey);
  const client = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials });
  let removed = 0;
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  for (const TableName of TableNames) {
    const { Items = [] } = await client.send(new ScanCommand({ TableName }));
    for (const { tenantId, rowKey } of Items) {
      if (tenantId === undefined || rowKey === undefined) continue;
      await client.send(new DeleteItemCommand({ TableName, Key: { tenantId, rowKey } }));
      if (!isOwn(TableName)) removed += 1;
    }
  }
  client.destroy();
  return removed;
};
