// How does a connection change: disabled, enabled, with a new secret, another mapping, more types that it may say, or another partner?
// `npm run connect` calls it; it writes the connections table and the parameter store.
import { randomBytes } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, ParameterNotFound, PutParameterCommand } from '@aws-sdk/client-ssm';
import { canonicalJson } from '../../../events/identifiers.ts';
import type { Connection } from '../../../events/sources/source.ts';
import { madeSecret } from '../../../functions/intake/connect.ts';
import { replacedSecret } from '../../../functions/intake/secretParameter.ts';
import { allowedFor, refuseMapping, secretIn, typesIn } from '../../local/connectionRequest.ts';
import { properties } from '../../local/core/json.ts';
import { refuse } from '../../local/core/refusal.ts';
import { refuseSharedAccount } from '../../local/takenAccount.ts';
import type { Target } from '../target.ts';
import { connectionItems, type Found } from './storedConnections.ts';

type Update = Pick<
  UpdateItemCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues' | 'ExpressionAttributeNames'
>;

async function update({ dynamo, output }: Target, connection: string, change: Update): Promise<void> {
  const Key = { connection: { S: connection } };
  try {
    await dynamo.send(new UpdateItemCommand({ TableName: output('ConnectionsTable'), Key, ...change }));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    refuse(`Connection ${connection} was changed at the same moment; look at it, and try again.`, error);
  }
}

/** Disables or enables a connection. What waits stays, and secrets stay. */
export async function setActive(site: Target, { connection }: Found, active: boolean): Promise<object> {
  await update(site, connection.connection, {
    UpdateExpression: 'SET active = :active',
    ConditionExpression: 'attribute_exists(tenantId)',
    ExpressionAttributeValues: { ':active': { BOOL: active } },
  });
  return { connection: connection.connection, disabled: !active };
}

/** The parameter of a connection's secrets; undefined where it has none. */
export async function secretParameter({ ssm, output }: Target, connection: string): Promise<string | undefined> {
  try {
    const Name = `${output('SecretsPrefix')}/${connection}`;
    return (await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }))).Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}

/** Gives a connection a new secret: the issued one, else one that is made. The one before holds for some hours more. */
export async function rotate(
  site: Target,
  { connection: { connection }, source }: Found,
  { issued, holdHours }: { readonly issued: string | undefined; readonly holdHours: number },
): Promise<object> {
  if (source.delivery.way !== 'webhook') {
    return refuse(`Connection ${connection} has no secret: messages of ${source.title} are not signed.`);
  }
  const given = issued === undefined ? undefined : secretIn(properties({ secret: issued }, 'the secret'), source);
  const made = given === undefined ? madeSecret(source, randomBytes) : undefined;
  const secret = given ?? made;
  if (secret === undefined) {
    return refuse(`${source.title} issues its secrets itself: give the new one with --secret-file FILE.`);
  }
  const now = site.now();
  const oldHoldsUntil = new Date(now + holdHours * 3_600_000).toISOString();
  const Value = replacedSecret(await secretParameter(site, connection), {
    secret,
    now: new Date(now).toISOString(),
    until: oldHoldsUntil,
  });
  const Name = `${site.output('SecretsPrefix')}/${connection}`;
  await site.ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }));
  return { connection, ...(made !== undefined && { secret: made }), oldHoldsUntil };
}

const withoutVersion = ({ version: _version, ...said }: Readonly<Record<string, unknown>>): string =>
  canonicalJson(said);

const typesOf = (listed: readonly string[]) => (listed.length === 0 ? [] : typesIn(listed.join(',')));

/** What is to change; `partner` is a party id, or null for none. What is undefined stays. */
export interface Change {
  readonly mapping: unknown;
  readonly allow: string | undefined;
  readonly partner?: string | null | undefined;
  /** Null takes the rhythm away. */
  readonly rhythmHours?: number | null | undefined;
}

/** Binds a connection to a partner, or to none. What it said before stays as it was said. */
async function bind(
  site: Target,
  { connection: stored, source, item }: Found,
  partner: string | null,
): Promise<boolean> {
  const { connection, tenantId: tenant, account } = stored;
  if ((stored.partner ?? null) === partner) return false;
  const listed = properties(item, connection).texts('alsoAllows');
  allowedFor(source, { partner: partner ?? undefined, listed: typesOf(listed) });
  const items = (await connectionItems(site)).filter((each) => each.connection?.S !== connection);
  refuseSharedAccount(items, { source, tenant, account, ...(partner !== null && { partner }) });
  await update(site, connection, {
    UpdateExpression: partner === null ? 'REMOVE partner' : 'SET partner = :partner',
    ConditionExpression: 'attribute_exists(tenantId)',
    ...(partner !== null && { ExpressionAttributeValues: { ':partner': { S: partner } } }),
  });
  return true;
}

/** A year that no silence reaches. */
const never = '9998';

/** Nobody waits for the connection any more: sweep says a silence that lasts to be over, and finds none again. */
export async function endSilence(
  { dynamo, output, now }: Pick<Target, 'dynamo' | 'output' | 'now'>,
  stored: Pick<Connection, 'tenantId' | 'connection'>,
): Promise<void> {
  const heard = { tenantId: { S: stored.tenantId }, connectionId: { S: stored.connection } };
  try {
    await dynamo.send(
      new UpdateItemCommand({
        ...{ TableName: output('SourcesTable'), Key: heard },
        UpdateExpression: 'SET quietFrom = :never, heardAgainAt = if_not_exists(heardAgainAt, :now)',
        ConditionExpression: 'attribute_exists(watched)',
        ExpressionAttributeValues: { ':never': { S: never }, ':now': { S: new Date(now()).toISOString() } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

/** Gives a connection another rhythm, which counts from its next message on, or none. */
async function beat(site: Target, found: Found, hours: number | null | undefined): Promise<boolean> {
  const { connection: stored } = found;
  if (hours === undefined || hours === (stored.rhythmHours ?? null)) return false;
  if (hours === null) {
    await update(site, stored.connection, {
      UpdateExpression: 'REMOVE rhythmHours',
      ConditionExpression: 'attribute_exists(tenantId)',
    });
    await endSilence(site, stored);
    return true;
  }
  await update(site, stored.connection, {
    UpdateExpression: 'SET rhythmHours = :hours',
    ConditionExpression: 'attribute_exists(tenantId)',
    ExpressionAttributeValues: { ':hours': { N: String(hours) } },
  });
  return true;
}

/** Gives a connection another mapping, whose version rises, more types, another partner or rhythm. What it has already changes nothing. */
export async function remap(site: Target, found: Found, change: Change): Promise<object> {
  const { mapping, allow, partner } = change;
  const isBound = partner !== undefined && (await bind(site, found, partner));
  const bound = partner === undefined ? found.connection.partner : (partner ?? undefined);
  const { connection: stored, source, item } = found;
  const { connection } = stored;
  const alsoAllowed = properties(item, connection).texts('alsoAllows');
  const allowedTypes = isBound
    ? allowedFor(source, { partner: bound, listed: typesOf(alsoAllowed) })
    : stored.allowedTypes;
  const added = allow === undefined ? [] : typesIn(allow).filter((type) => !allowedTypes.includes(type));
  allowedFor(source, { partner: bound, listed: added });
  const before: Readonly<Record<string, unknown>> = { ...stored.mapping };
  const given =
    mapping === undefined ? before : Object.fromEntries(properties({ mapping }, 'connect').object('mapping').entries());
  if (mapping !== undefined || added.length > 0) refuseMapping(source, given, [...allowedTypes, ...added]);
  const isSame = withoutVersion(given) === withoutVersion(before);
  const was = stored.mapping.version;
  const version = isSame ? was : Math.max(was + 1, typeof given.version === 'number' ? given.version : 0);
  if (!isSame || added.length > 0) {
    await update(site, connection, {
      UpdateExpression: 'SET mapping = :mapping, mappingVersion = :version, alsoAllows = :also',
      ConditionExpression:
        'attribute_exists(tenantId) AND (mappingVersion = :was OR attribute_not_exists(mappingVersion))',
      ExpressionAttributeValues: {
        ':mapping': { S: JSON.stringify({ ...given, version }) },
        ':version': { N: String(version) },
        ':was': { N: String(was) },
        ':also': { L: [...alsoAllowed, ...added].map((type) => ({ S: type })) },
      },
    });
  }
  const isOfRhythm = await beat(site, found, change.rhythmHours);
  const changed = !isSame || added.length > 0 || isBound || isOfRhythm;
  return {
    ...{ connection, mappingVersion: version, changed, allowed: added },
    ...(bound !== undefined && { partner: bound }),
  };
}
