// Do connect and token act through the running instance, and refuse what they can't do by name?
import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sources } from '../../../events/sources/catalog.ts';
import { sendCommand, serveCommands } from '../../../infra/commands/commandServer.ts';
import { connectionRequest } from '../../../infra/local/connectionRequest.ts';
import { dataFiles, partnerSourcesOf } from '../../../infra/local/core/dataDirectory.ts';
import { properties } from '../../../infra/local/core/json.ts';
import { tokenRequest } from '../../../infra/local/http/tokens.ts';
import { type Runtime, startRuntime } from '../../../infra/local/runtime.ts';
import { arnOf, assemble, fromQueue, lambda, queue, ref, table, temporaryFolder } from '../../support/localTemplate.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const noted = `
  import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
  const db = new DynamoDBClient({});
  export const handler = async (event) => {
    for (const { body } of event.Records) if (body.includes('broken')) throw new Error('broken');
    for (const { body } of event.Records) await db.send(new PutItemCommand({ TableName: process.env.NOTES, Item: { id: { S: body } } }));
  };`;
const connections = {
  ...table('connections'),
  Properties: {
    TableName: 'connections',
    KeySchema: [{ AttributeName: 'connection', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'connection', AttributeType: 'S' }],
  },
};
const events = {
  ...table('events'),
  Properties: {
    TableName: 'events',
    KeySchema: [
      { AttributeName: 'stream', KeyType: 'HASH' },
      { AttributeName: 'version', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'stream', AttributeType: 'S' },
      { AttributeName: 'version', AttributeType: 'N' },
    ],
  },
};
const resources = {
  Events: events,
  Connections: connections,
  Notes: table('notes'),
  SweepQueue: queue('sweep-queue'),
  ProjectQueue: queue('project-queue', {
    RedrivePolicy: { deadLetterTargetArn: arnOf('ProjectDead'), maxReceiveCount: 5 },
  }),
  ProjectDead: queue('project-dead'),
  Sweep: lambda('sweep', { NOTES: ref('Notes') }),
  Project: lambda('project', { NOTES: ref('Notes'), EVENTS_TABLE: ref('Events') }),
  SweepMapping: fromQueue('Sweep', 'SweepQueue'),
  ProjectMapping: fromQueue('Project', 'ProjectQueue'),
  Partner: {
    Type: 'AWS::Events::EventBus',
    Properties: { Name: 'aws.partner/x/y', EventSourceName: 'aws.partner/x/y' },
  },
  PartnerRule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: ref('Partner'),
      EventPattern: { source: ['aws.partner/x/y'] },
      Targets: [{ Arn: arnOf('ProjectQueue'), Id: 'queue', Input: 'from the partner' }],
    },
  },
};

const temporary = temporaryFolder();
const dataDir = `${temporary.folder}/data`;
let runtime: Runtime;
beforeAll(async () => {
  const made = await assemble(temporary.folder, resources, { sweep: noted, project: noted });
  const outputs = { ConnectionsTable: { Value: ref('Connections') }, SecretsPrefix: { Value: '/secrets' } };
  const text = JSON.stringify({ ...JSON.parse(made.text), Outputs: outputs });
  runtime = await startRuntime({ dataDir, template: { ...made, text }, serveCommands });
});
afterAll(async () => {
  await runtime.stop();
  temporary.remove();
});

const send = async (name: string, input: unknown) =>
  properties((await sendCommand(dataDir, name, input))?.answer, 'the answer');
const notes = async (): Promise<unknown> => {
  const { Items } = await runtime.engine.call('Scan', { TableName: 'notes' });
  return Items;
};

describe('connect', () => {
  it('makes an item, and a secret that is only in the parameter store', async () => {
    const connected = await send('connect', { source: 'stripe', tenant: 'acme', account: 'acct_1', currency: 'EUR' });
    const connection = connected.text('connection');
    expect(connected.text('url')).toBe(`${runtime.url}/webhooks/stripe/${connection}`);
    expect(connected.text('secret')).toMatch(/^whsec_\w{32,}$/);
    expect(JSON.parse(runtime.queueStore.parameters.get(`/secrets/${connection}`) ?? '')).toEqual({
      secrets: [connected.text('secret')],
    });
    const { Item } = await runtime.engine.call('GetItem', {
      TableName: 'connections',
      Key: { connection: { S: connection } },
    });
    expect(Item).toMatchObject({
      source: { S: 'stripe' },
      tenantId: { S: 'acme' },
      account: { S: 'acct_1' },
      currency: { S: 'EUR' },
      mapping: { S: '{"version":1}' },
      mappingVersion: { N: '1' },
      active: { BOOL: true },
    });
    expect(JSON.stringify(Item)).not.toContain('whsec_');
  });

  it('gives a sender of CloudEvents a secret of 32 bytes, as Standard Webhooks wants it', async () => {
    const connected = await send('connect', { source: 'cloudevents', tenant: 'acme' });
    const [, secret = ''] = connected.text('secret').split('whsec_');
    expect(Buffer.from(secret, 'base64')).toHaveLength(32);
  });

  it('notes a Salesforce org’s partner event source and its alias, and needs no secret', async () => {
    const connected = await send('connect', { source: 'salesforce', tenant: 'acme', account: '00Dgn000000abcD' });
    const org = '00Dgn000000abcDEAQ';
    expect(connected.text('url')).toBe(`aws.partner/salesforce.com/${org}/throughline`);
    expect(connected.has('secret')).toBe(false);
    expect(partnerSourcesOf(dataDir)).toEqual([`aws.partner/salesforce.com/${org}/throughline`]);
    const { Item } = await runtime.engine.call('GetItem', {
      TableName: 'connections',
      Key: { connection: { S: `salesforce#${org}` } },
    });
    expect(Item).toMatchObject({ connectionId: { S: connected.text('connection') } });
  });

  it.each([
    [
      { source: 'fax', tenant: 'acme' },
      `Source "fax" can't be connected; name one of ${sources.map(({ name }) => name).join(', ')}.`,
    ],
    [{ tenant: 'acme' }, 'No source is named; name one of '],
    [{ source: 'stripe' }, 'A connection needs a tenant: --tenant ID'],
    [{ source: 'salesforce', tenant: 'acme' }, 'A Salesforce connection needs its org: --account 00D…'],
    [{ source: 'stripe', tenant: 'acme', currency: 'euro' }, '--currency euro is not an ISO 4217 code'],
  ])('refuses %o', async (input, reason) => {
    await expect(sendCommand(dataDir, 'connect', input)).rejects.toThrow(reason);
    expect(() => connectionRequest(properties(input, 'connect'))).toThrow(reason);
  });

  it.each([
    [{ source: 'stripe', mapping: { liveOnly: 'yes' } }, '--mapping at liveOnly: Invalid input'],
    [{ source: 'stripe', mapping: { liveOnly: 1 } }, 'events/sources/stripe.ts defines its fields, at "mapping".'],
    [{ source: 'cloudevents', mapping: { x: 1 } }, '--mapping: Unrecognized key: "x"'],
    [{ source: 'salesforce', account: '00Dgn000000abcD', mapping: [] }, 'mapping'],
    [{ source: 'stripe', allow: 'OrderPlaced,OrderPlacd' }, '--allow OrderPlacd: unknown event types; known are'],
  ])('refuses %o before a message finds it out', (input, reason) => {
    const read = (): unknown => connectionRequest(properties({ tenant: 'acme', ...input }, 'connect'));
    expect(read).toThrow(reason);
  });

  it('accepts a mapping that its source understands, and known types', () => {
    const input = { source: 'stripe', tenant: 'acme', mapping: { version: 2, liveOnly: true } };
    const request = connectionRequest(properties({ ...input, allow: 'EngagementOpened, DealClosed' }, 'connect'));
    expect(request.mapping).toEqual({ version: 2, liveOnly: true });
    expect(request.alsoAllows).toEqual(['EngagementOpened', 'DealClosed']);
  });
});

describe('token', () => {
  it('makes tokens that the authorizer accepts', async () => {
    const token = (await send('token', { role: 'partner', tenant: 'acme', partner: 'p1' })).text('token');
    expect(await runtime.issuer.verify(token, ['throughline'])).toMatchObject({
      role: 'partner',
      tenant: 'acme',
      partner: 'p1',
      iss: runtime.url,
    });
    const access = await send('access', { role: 'vendor', tenant: 'acme' });
    expect(access.text('url')).toBe(runtime.url);
    expect(await runtime.issuer.verify(access.text('token'), ['throughline'])).toMatchObject({ tenant: 'acme' });
  });

  it.each([
    [{}, 'A token needs a role: --role vendor or --role partner.'],
    [{ role: 'vendor' }, 'A token needs a tenant: --tenant ID'],
    [{ role: 'vendor', tenant: 'ac/me' }, 'A token needs a tenant: --tenant ID, without /'],
    [{ role: 'partner', tenant: 'acme' }, 'A token of role partner needs its partner: --partner ID.'],
    [
      { role: 'vendor', tenant: 'acme', partner: 'p1' },
      "--partner goes only with --role partner: a vendor's token sees all",
    ],
  ])('refuses %o', (input, reason) => {
    expect(() => tokenRequest(properties(input, 'token'))).toThrow(reason);
  });
});

describe('the running instance', () => {
  it('accepts partner events for its buses, and refuses one for an unknown bus', async () => {
    const event = { source: 'aws.partner/x/y', detailType: 'T', detail: { a: 1 } };
    expect((await send('partnerEvent', event)).text('eventId')).toMatch(/^[0-9a-f-]{36}$/);
    await runtime.drained();
    expect(await notes()).toContainEqual({ id: { S: 'from the partner' } });
    expect((await send('partnerEvent', { ...event, source: 'aws.partner/x/z' })).text('errorCode')).toBe('UnknownBus');
  });

  it('accepts commands only with its secret', async () => {
    expect(statSync(dataFiles.control(dataDir)).mode & 0o777).toBe(0o600);
    const answer = await fetch(`${runtime.endpoints.sqs}/_throughline/shutdown`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
  });

  it('gives no answer where none runs', async () => {
    expect(await sendCommand(`${temporary.folder}/elsewhere`, 'token', {})).toBeUndefined();
  });

  it('stops on a command, and deletes its secret', async () => {
    await send('shutdown', {});
    await runtime.stopped;
    expect(await sendCommand(dataDir, 'token', {})).toBeUndefined();
  });
});
