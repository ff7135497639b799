// What has the pipeline used of what AWS charges for? Each call's capacity as the store answers it, each event, request and invocation.

import { recordedSource } from '../../functions/aws/eventBridge.ts';
import type {
  CallInterceptor,
  ServiceAnswer,
  ServiceCall,
  ServiceName,
} from '../../infra/local/core/callInterceptor.ts';
import { cut } from '../../infra/local/core/callInterceptor.ts';
import { isObject, type JsonObject } from '../../infra/local/core/json.ts';
import type { FunctionPlan } from '../../infra/local/core/plan.ts';
import type { Invoked } from '../../infra/local/lambda/invocation.ts';
import { itemBytes } from './itemBytes.ts';
import type { Unit } from './prices.ts';

/** So much of a unit, used by a function for something. */
export interface Use {
  readonly by: string;
  /** `write Foundation-EventStore`, `write Foundation-Rows-Engagements/due`, `GB-seconds`. */
  readonly what: string;
  readonly unit: Unit;
  readonly amount: number;
}

/** A function's calls: how many, and for how long they ran together. */
export interface Running {
  readonly invocations: number;
  readonly seconds: number;
}

export interface Meter {
  /** Stands before the functions' calls. */
  readonly interceptor: CallInterceptor;
  readonly onInvoked: (invoked: Invoked) => void;
  /** Facts from outside that became events; those that the pipeline adds itself are no facts. */
  facts(): number;
  /** The same, also of what passed while it was off. */
  factsEver(): number;
  uses(): readonly Use[];
  /** The calls of each function. */
  running(): ReadonlyMap<string, Running>;
  /** Counts only while it is on. */
  turn(on: boolean): void;
}

/** Milliseconds that a function waits for an answer on AWS; calls that are under way together are waited for once. */
export const roundTrip: Readonly<Record<ServiceName, number>> = { dynamodb: 5, events: 15, sqs: 10, ssm: 15 };
/** The memory at which Lambda gives one whole processor. */
const wholeProcessor = 1769;
const chunk = 64 * 1024;
/** Marks what no rule of the stack takes: it is sent for subscribers alone, and not at all where relay is narrowed. */
export const forSubscribers = 'that no rule of ours takes';
/** START, END and REPORT of one invocation, and the API's line of one request. */
const logged = { invocation: 350, request: 500 };
/** What follows from facts, and is recorded besides. */
const derived = new Set(['StageEntered', 'IdentityLinked']);
const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'TransactWriteItems', 'BatchWriteItem']);

const objects = (value: unknown): readonly JsonObject[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => isObject(each));
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The engine charges a read for what is projected; DynamoDB for whole items. */
const wholeRead = (input: JsonObject): JsonObject | undefined => {
  const without = (read: JsonObject): JsonObject => {
    const { ProjectionExpression, ExpressionAttributeNames, ...rest } = read;
    const used = `${textOf(rest.KeyConditionExpression)} ${textOf(rest.FilterExpression)}`;
    const names = Object.entries(isObject(ExpressionAttributeNames) ? ExpressionAttributeNames : {}).filter(([name]) =>
      used.split(/[^#\w]+/).includes(name),
    );
    return { ...rest, ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names) }) };
  };
  if (input.ProjectionExpression !== undefined) return without(input);
  if (!isObject(input.RequestItems)) return undefined;
  const tables = Object.entries(input.RequestItems).filter(([, asked]) => isObject(asked));
  if (!tables.some(([, asked]) => isObject(asked) && asked.ProjectionExpression !== undefined)) return undefined;
  const whole = tables.map(([table, asked]) => [table, isObject(asked) ? without(asked) : asked]);
  return { ...input, RequestItems: Object.fromEntries(whole) };
};

/** A condition that fails is charged as the write would have been. */
const unitsRefused = (input: JsonObject): number => {
  const parts = objects(input.TransactItems).flatMap((part) => Object.values(part).filter(isObject));
  const units = ({ Item }: JsonObject): number => (isObject(Item) ? Math.ceil(itemBytes(Item) / 1024) : 1);
  return parts.length > 0 ? parts.reduce((sum, part) => sum + 2 * units(part), 0) : units(input);
};

export interface Metered {
  readonly functions: readonly FunctionPlan[];
  /** The types of recorded events that a rule of the stack takes. */
  readonly takenByRules: ReadonlySet<string>;
}

/** Makes a meter of what runs. */
export const createMeter = (metered: () => Metered): Meter => {
  const used = new Map<string, Use>();
  const underWay = new Map<string, number>();
  const waited = new Map<string, number>();
  let facts = 0;
  let factsEver = 0;
  const running = new Map<string, Running>();
  let on = true;

  const add = (by: string, what: string, unit: Unit, amount: number): void => {
    if (!on || amount === 0) return;
    const key = `${by} ${what}`;
    used.set(key, { by, what, unit, amount: amount + (used.get(key)?.amount ?? 0) });
  };

  const addCapacity = ({ caller = '', operation }: ServiceCall, answer: JsonObject): void => {
    const isWrite = writes.has(operation);
    const unit = isWrite ? 'writeUnits' : 'readUnits';
    const doubled = operation === 'TransactWriteItems';
    for (const { TableName, Table, GlobalSecondaryIndexes } of objects(answer.ConsumedCapacity)) {
      const name = `${isWrite ? 'write' : 'read'} ${textOf(TableName)}`;
      const own = numberOf(isObject(Table) ? Table.CapacityUnits : 0);
      add(caller, name, unit, doubled ? own / 2 : own);
      if (doubled) add(caller, `${name}, once more for the transaction`, unit, own / 2);
      for (const [index, taken] of Object.entries(isObject(GlobalSecondaryIndexes) ? GlobalSecondaryIndexes : {})) {
        add(caller, `${name}/${index}`, unit, numberOf(isObject(taken) ? taken.CapacityUnits : 0));
      }
    }
  };

  const countPut = ({ operation, input }: ServiceCall): void => {
    const item = isObject(input.Item) ? input.Item : {};
    if (operation !== 'PutItem' || !isObject(item.events)) return;
    const events: unknown = JSON.parse(textOf(item.events.S));
    const said = objects(events).filter(({ type }) => !derived.has(textOf(type))).length;
    factsEver += said;
    if (on) facts += said;
  };

  const bodyOf = (answer: ServiceAnswer | typeof cut): JsonObject => {
    const body: unknown = answer === cut ? {} : JSON.parse(answer.body);
    return isObject(body) ? body : {};
  };

  const meterStore: CallInterceptor = async (call, pass) => {
    const asked = { ...call.input, ReturnConsumedCapacity: 'INDEXES' };
    const whole = wholeRead(asked);
    if (whole !== undefined) {
      addCapacity(call, bodyOf(await pass(whole)));
      return await pass();
    }
    const answer = await pass(asked);
    if (answer === cut) return answer;
    if (answer.status === 200) {
      addCapacity(call, bodyOf(answer));
      countPut(call);
    } else if (writes.has(call.operation)) {
      add(call.caller ?? '', `write refused by its condition`, 'writeUnits', unitsRefused(call.input));
    }
    return answer;
  };

  const meterBus: CallInterceptor = async (call, pass) => {
    const { takenByRules } = metered();
    for (const { Source, DetailType, Detail } of objects(call.input.Entries)) {
      const bytes = Buffer.byteLength([Source, DetailType, Detail].map(textOf).join(''));
      const isForOthers = textOf(Source) === recordedSource && !takenByRules.has(textOf(DetailType));
      const of = isForOthers ? ` ${forSubscribers}` : '';
      add(call.caller ?? '', `events on the bus${of}`, 'busEvents', Math.ceil(bytes / chunk));
      add(call.caller ?? '', `the bus's archive${of}`, 'archivedBytes', bytes);
    }
    return await pass();
  };

  return {
    interceptor: async (call, pass) => {
      const { caller = '', service } = call;
      const others = underWay.get(caller) ?? 0;
      underWay.set(caller, others + 1);
      if (others === 0) waited.set(caller, (waited.get(caller) ?? 0) + roundTrip[service]);
      try {
        if (service === 'dynamodb') return await meterStore(call, pass);
        return service === 'events' ? await meterBus(call, pass) : await pass();
      } finally {
        underWay.set(caller, (underWay.get(caller) ?? 1) - 1);
      }
    },
    onInvoked: ({ functionName, event, cpuMilliseconds }) => {
      const said: unknown = JSON.parse(event);
      const records = objects(isObject(said) ? said.Records : []);
      if (records[0]?.eventSource === 'aws:sqs') {
        add(functionName, 'queue: messages sent to it', 'queueRequests', records.length);
        add(functionName, 'queue: batches received and deleted', 'queueRequests', 1 + Math.ceil(records.length / 10));
        // What its queue holds comes from partner buses.
        if (functionName === 'Receive') add(functionName, 'events on partner buses', 'busEvents', records.length);
      } else if (records.length === 0) {
        add(functionName, 'requests of the HTTP API', 'httpRequests', 1);
        add(functionName, 'access log', 'loggedBytes', logged.request);
      }
      const memory = metered().functions.find(({ name }) => name === functionName)?.memoryMegabytes ?? wholeProcessor;
      const working = cpuMilliseconds * Math.max(1, wholeProcessor / memory);
      const milliseconds = Math.ceil(working + (waited.get(functionName) ?? 0));
      waited.delete(functionName);
      add(functionName, 'invocations', 'invocations', 1);
      const { invocations, seconds } = running.get(functionName) ?? { invocations: 0, seconds: 0 };
      if (on) running.set(functionName, { invocations: invocations + 1, seconds: seconds + milliseconds / 1000 });
      add(functionName, 'running', 'gigabyteSeconds', (memory / 1024) * (milliseconds / 1000));
      add(functionName, 'log', 'loggedBytes', logged.invocation);
    },
    facts: () => facts,
    factsEver: () => factsEver,
    running: () => running,
    uses: () => [...used.values()],
    turn: (to) => {
      on = to;
    },
  };
};
