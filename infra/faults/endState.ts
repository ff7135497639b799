// What does a run leave behind when all work is done? All events, receipts and rows as plain texts, and messages still in queues.
// The faults and tests call it; it reads the tables and the queues.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { inflateSync } from 'fflate';
import { canonicalJson } from '../../events/identifiers.ts';
import { isObject, type JsonObject } from '../local/core/json.ts';
import type { Plan } from '../local/core/plan.ts';
import type { Runtime } from '../local/runtime.ts';
import type { EngineCall } from '../local/storage/engineCall.ts';

export interface EndState {
  /** `kind: text`, one for each item. Equal items stay double, except receipts, because a sender may send again. */
  readonly documents: readonly string[];
  /** Queues that hold messages, and how many: `relay-dead-letters: 1`. */
  readonly queued: readonly string[];
}

/** Fields that may differ between correct runs, and fields that only the projector uses. */
const leftOpen: ReadonlySet<string> = new Set([
  ...['version', 'lastEventId', 'basis', 'evaluatedAt', 'recordedAt', 'asOf'],
  ...['release', 'computedBy', 'revision', 'digests', 'digest', 'headState', 'tenantId', 'dueShard', 'shard'],
]);

/** A receipt is the cause of a fact, and a repeated message makes another receipt. */
const isReceipt = (name: string, value: unknown): boolean => name === 'causationId' && /Z#/.test(String(value));

const without = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(without);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => !leftOpen.has(name) && !name.startsWith('ix_') && !isReceipt(name, member))
      .map(([name, member]) => [name, without(member)]),
  );
};

const isAttribute = (value: unknown): value is AttributeValue => isObject(value);

/** An attribute in the SDK's form: over HTTP, bytes are text. */
const attributeOf = (value: JsonObject): JsonObject =>
  typeof value.B === 'string' ? { B: Buffer.from(value.B, 'base64') } : value;

const attributesOf = (item: unknown): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(isObject(item) ? item : {}).flatMap(([name, value]) => {
      const attribute = isObject(value) ? attributeOf(value) : value;
      return isAttribute(attribute) ? [[name, attribute]] : [];
    }),
  );

/** All items of a table, plain. */
export const scan = async (call: EngineCall, table: string): Promise<readonly JsonObject[]> => {
  const items: JsonObject[] = [];
  let after: unknown;
  do {
    const page = await call('Scan', {
      TableName: table,
      ConsistentRead: true,
      ...(after === undefined ? {} : { ExclusiveStartKey: after }),
    });
    for (const item of Array.isArray(page.Items) ? page.Items : []) items.push(unmarshall(attributesOf(item)));
    after = page.LastEvaluatedKey;
  } while (after !== undefined);
  return items;
};

/** The tables by their names in the functions' environment: `EVENTS_TABLE`, `TABLE_FLAGS`. */
export const tablesOf = ({ functions }: Plan): ReadonlyMap<string, string> =>
  new Map(
    functions
      .flatMap(({ environment }) => Object.entries(environment))
      .filter(([name]) => name.startsWith('TABLE_') || name.endsWith('_TABLE')),
  );

/** Several messages state the same link, each with its own time; which one comes first is chance. */
const eventOf = (event: JsonObject): JsonObject => {
  const { occurredAt, sourceSeq, sourceEventId, correlationId, ...said } = event;
  return event.type === 'IdentityLinked' ? said : event;
};

const eventsIn = (commit: JsonObject): readonly string[] => {
  const events: unknown = JSON.parse(String(commit.events));
  const objects = (Array.isArray(events) ? events : []).filter(isObject);
  return objects.map((event) => `event: ${canonicalJson(without(eventOf(event)))}`);
};

/** The bucket of a contribution depends on ids, which differ between tenants. */
const unspread = ({ fed, ...row }: JsonObject): JsonObject =>
  typeof fed === 'string' ? { ...row, fed: fed.replace(/#\d+$/, '') } : row;

/** The head of a group stays when nothing feeds it any more; whether it was ever fed between two facts is chance. */
const isFedBy = (contributions: readonly JsonObject[]): ((head: JsonObject) => boolean) => {
  const fed = new Set(contributions.map((row) => unspread(row).fed));
  return ({ tenantId, rowKey }) => fed.has(`${tenantId}#${rowKey}`);
};

/** Bodies are kept compressed where that makes them smaller. */
const textOf = (body: unknown): string =>
  body instanceof Uint8Array ? Buffer.from(inflateSync(body)).toString('utf8') : String(body);

const receiptIn = ({ kind, partition, source, body, status, reason = '' }: JsonObject): string =>
  kind === 'wait'
    ? `pointer: ${partition}`
    : `receipt: ${canonicalJson({ source, body: textOf(body), status, reason })}`;

/** Reads everything of one tenant. Its id is written as `TENANT`, so that two tenants can be compared. */
export const readEndState = async (
  { engine, plan, queueStore }: Pick<Runtime, 'engine' | 'plan' | 'queueStore'>,
  tenant: string,
): Promise<EndState> => {
  const tables = tablesOf(plan);
  const read = (name: string): Promise<readonly JsonObject[]> => scan(engine.call, tables.get(name) ?? name);
  const events = (await read('EVENTS_TABLE')).filter(({ stream }) => String(stream).startsWith(`${tenant}/`));
  const receipts = (await read('RECEIPTS_TABLE')).filter(({ partition }) =>
    [`${tenant}#`, `wait#${tenant}#`].some((begin) => String(partition).startsWith(begin)),
  );
  const documents = [...events.flatMap(eventsIn), ...new Set(receipts.map(receiptIn))];
  const isFed = isFedBy(await read('TABLE_CONTRIBUTIONS'));
  for (const name of [...tables.keys()].filter((key) => key.startsWith('TABLE_'))) {
    const rows = (await read(name))
      .filter(({ tenantId, fed }) => tenantId === tenant || String(fed).startsWith(`${tenant}#`))
      .filter((row) => name !== 'TABLE_ROLLUP_HEADS' || isFed(row));
    documents.push(...rows.map((row) => `${name.slice(6).toLowerCase()}: ${canonicalJson(without(unspread(row)))}`));
  }
  const queued = plan.queues.flatMap(({ name }) => {
    const { visible, inFlight } = queueStore.counts(name);
    return visible + inFlight === 0 ? [] : [`${name}: ${visible + inFlight}`];
  });
  return { documents: documents.map((text) => text.replaceAll(tenant, 'TENANT')), queued };
};
