// How does a connection change: disabled, enabled, with a new secret, with another mapping, or with more types that it may say?
// `npm run connect` calls it; it writes the connections table and the parameter store.
import { randomBytes } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, ParameterNotFound, PutParameterCommand } from '@aws-sdk/client-ssm';
import { canonicalJson } from '../../../events/identifiers.ts';
import { madeSecret } from '../../../functions/intake/connect.ts';
import { replacedSecret } from '../../../functions/intake/secretParameter.ts';
import { refuseMapping, secretIn, typesIn } from '../../local/connectionRequest.ts';
import { properties } from '../../local/core/json.ts';
import { refuse } from '../../local/core/refusal.ts';
import type { Target } from '../target.ts';
import type { Found } from './storedConnections.ts';

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

/** Gives a connection another mapping, whose version rises, and more types. What it has already changes nothing. */
export async function remap(
  site: Target,
  { connection: stored, source, item }: Found,
  { mapping, allow }: { readonly mapping: unknown; readonly allow: string | undefined },
): Promise<object> {
  const { connection, allowedTypes } = stored;
  const added = allow === undefined ? [] : typesIn(allow).filter((type) => !allowedTypes.includes(type));
  const alsoAllowed = properties(item, connection).texts('alsoAllows');
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
  return { connection, mappingVersion: version, changed: !isSame || added.length > 0, allowed: added };
}
