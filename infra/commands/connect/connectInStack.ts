// How is a connection made in a deployed stack? As on one machine, but in the table and the parameter store that the stack's outputs name.
// `npm run connect -- --stack` calls it; it writes to the stack's connections table and parameter store.
import { randomBytes } from 'node:crypto';
import { GetItemCommand, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { type Connected, type ConnectionRequest, connect } from '../../../functions/intake/connect.ts';
import { refuseSharedAccount, refuseTakenAccount } from '../../local/takenAccount.ts';
import { onTarget } from '../target.ts';

interface ForPartnerBus {
  readonly stack: string;
  readonly setUp: string;
  readonly accountIs: string;
  readonly account: string;
}

const partnerSteps = ({ stack, setUp, accountIs, account }: ForPartnerBus): string =>
  [
    `Messages of the ${accountIs} ${account} come over a partner event bus. Stack ${stack} must have that bus:`,
    `  1. ${setUp} EventBridge then lists a partner event source whose name`,
    `     begins with aws.partner/ and contains ${account}.`,
    '  2. Add its full name to "partnerSources" under "context" in cdk.json, and deploy again: the stack creates the bus and its rule.',
    '',
  ].join('\n');

/** Makes the connection, and prints on standard error what the person must still do. */
export async function connectInStack(stack: string, request: ConnectionRequest): Promise<Connected> {
  const connected = await onTarget({ stack, dataDir: '' }, async ({ output, dynamo, ssm }) => {
    const table = output('ConnectionsTable');
    const read = async (connection: string) =>
      (await dynamo.send(new GetItemCommand({ TableName: table, Key: { connection: { S: connection } } }))).Item;
    await refuseTakenAccount(read, request);
    for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName: table, ConsistentRead: true })) {
      refuseSharedAccount(Items, request);
    }
    return connect(
      {
        url: output('ApiUrl'),
        prefix: output('SecretsPrefix'),
        now: Date.now,
        random: randomBytes,
        putItem: (Item) => dynamo.send(new PutItemCommand({ TableName: table, Item })),
        putSecret: (Name, Value) => ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' })),
      },
      request,
    );
  });
  const { delivery, accountIs } = request.source;
  if (delivery.way === 'partnerBus')
    process.stderr.write(partnerSteps({ stack, setUp: delivery.setUp, accountIs, account: connected.account }));
  return connected;
}
