// Where is a scenario played? On the real runtime with a clock by hand, by senders that send again until they are answered, as webhooks do.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { canonicalJson } from '../../events/identifiers.ts';
import { cloudevents } from '../../events/sources/cloudevents.ts';
import { salesforce } from '../../events/sources/salesforce.ts';
import { emptyTables } from '../../infra/faults/emptyTables.ts';
import { type EndState, readEndState, tablesOf } from '../../infra/faults/endState.ts';
import { freeAccount } from '../../infra/faults/freeAccount.ts';
import { settle as settled } from '../../infra/faults/playChannel.ts';
import { deniedAnswer } from '../../infra/faults/refusedAnswer.ts';
import { connectSource } from '../../infra/local/connectSource.ts';
import type { CallInterceptor } from '../../infra/local/core/callInterceptor.ts';
import { manualClock } from '../../infra/local/core/clock.ts';
import { addPartnerSource } from '../../infra/local/core/dataDirectory.ts';
import { mintToken } from '../../infra/local/http/tokens.ts';
import type { DeliveryInterceptor } from '../../infra/local/lambda/deliveryInterceptor.ts';
import type { Placement } from '../../infra/local/lambda/placement.ts';
import { type Runtime, startRuntime } from '../../infra/local/runtime.ts';
import { type ScenarioEvent, senderAt } from './senderAt.ts';

/** A fact as a system of the scenario says it; `at` is in minutes from the scenario's beginning, before it when negative. */
export interface Saying {
  readonly type: string;
  readonly at: number;
  readonly subject?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a scenario may do. Whatever it says, it says until it is taken. */
export interface Stage {
  readonly tenant: string;
  /** An instant, in minutes from the beginning. */
  at(minutes: number): string;
  send(...sayings: readonly Saying[]): Promise<void>;
  /** Sends them as one message. */
  sendTogether(...sayings: readonly Saying[]): Promise<void>;
  /** A record of the CRM, on its partner bus. */
  fromCrm(detailType: string, detail: object): void;
  /** Answers the events' ids. */
  record(key: string, fact: Readonly<Record<string, unknown>>): Promise<readonly string[]>;
  /** Says who persons are; null: takes it back. */
  name(names: Readonly<Record<string, string | null>>): Promise<void>;
  sweep(said: Readonly<Record<string, unknown>>): void;
  /** Everything is worked off; whoever held a message and died lets go of it. */
  settle(): Promise<void>;
  /** Time passes, with all that it brings; then everything is worked off. */
  pass(minutes: number): Promise<void>;
  /** Denies a function its next such call, on a resource whose name holds the text. */
  refuse(refusal: Refusal): void;
  /** Ends a function at rest: at its next event it starts anew, and remembers nothing. */
  forget(functionName: string): void;
  /** Asks a question that a run answers, and keeps with the end state what it comes to. */
  askLong(path: string, body: Readonly<Record<string, unknown>>): Promise<void>;
  /** Lets the connection say more. */
  allow(...types: readonly string[]): Promise<void>;
  /** Declares within how many hours the connection is heard at least once. */
  expectWithin(hours: number): Promise<void>;
}

export interface Refusal {
  readonly function: string;
  readonly operation: string;
  readonly on: string;
}

export interface World {
  readonly runtime: Runtime;
  /** Plays a scenario for a tenant of its own, and empties the tables after it. */
  play(scenario: (stage: Stage) => Promise<void>, timed?: boolean): Promise<EndState>;
  /** The next instant at the hour of the week at which timed scenarios begin. */
  nextBegin(): number;
  /** Moves the clock forward to an instant. */
  moveTo(instant: number): void;
  stop(): Promise<void>;
}

const Begun = z.looseObject({ place: z.string() });
const Answer = z.looseObject({ status: z.string(), items: z.array(z.looseObject({})) });

const org = '00DHp00000TqkABMAZ';
const week = 7 * 86_400_000;
const minute = 60_000;

/** A Monday. */
const begin = Date.parse('2026-03-02T10:00:00.000Z');

/** Months turn by the calendar, whenever the scenario began; the use of a month is looked at three days later. */
const turnOfMonth = /-0[14]T00:0[05]:00\.000Z$/;
/** So do days where time doesn't pass, since all runs begin on one day: a Monday's midnight, the end of a due day. */
const turnOfDay = /T00:0[05]:00\.000Z$/;

/** How a world runs its functions: absent, each in one thread of its own. */
export type Running = { readonly workers?: number; readonly placement?: Placement };

export const startWorld = async (
  interceptors: readonly CallInterceptor[],
  deliver: DeliveryInterceptor,
  { workers = 1, placement = 'apart' }: Running = {},
): Promise<World> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'throughline-faults-'));
  addPartnerSource(dataDir, `aws.partner/salesforce.com/${org}/throughline`);
  const clock = manualClock(begin);
  const refusals: Refusal[] = [];
  const refusing: CallInterceptor = async (call, pass) => {
    const found = refusals.findIndex(
      ({ function: name, operation, on }) =>
        name === call.caller &&
        operation === call.operation &&
        call.needs.some(({ resource }) => resource.includes(on)),
    );
    if (found === -1) return await pass();
    refusals.splice(found, 1);
    return deniedAnswer();
  };
  const runtime = await startRuntime({
    ...{ dataDir, clock, deliver, placement, interceptors: [...interceptors, refusing] },
    // Those that HTTP calls, too: of a function that has several, one call more or less is no place in its code.
    timing: { gather: 1, backoff: 1, longestBackoff: 4, workers, httpWorkers: workers },
  });
  const { engine, plan, queueStore, issuer } = runtime;
  const tables = tablesOf(plan);
  let played = 0;

  const settle = (): Promise<void> => settled(runtime);
  const nextBegin = (): number => begin + Math.ceil((clock.now() - begin) / week) * week;

  const play: World['play'] = async (scenario, timed = false) => {
    played += 1;
    refusals.length = 0;
    const tenant = `tenant${played}x`;
    // Where time passes, all begin at the same hour of the week, so that all instants differ by whole weeks; else it is enough
    // that functions forget by now to whom the CRM's account belonged.
    if (timed) clock.set(nextBegin());
    clock.advance(minute);
    await runtime.drained();
    const since = clock.now();
    const at = (minutes: number): string => new Date(since + minutes * minute).toISOString();
    const allowed = ['EngagementOpened', 'DealClosed'];
    const web = await connectSource(runtime, {
      ...{ source: cloudevents, tenant, account: 'tools', mapping: {}, alsoAllows: allowed },
    });
    await freeAccount(runtime, { source: 'salesforce', account: org });
    await connectSource(runtime, { source: salesforce, tenant, account: org, currency: 'EUR', mapping: {} });
    const token = await mintToken(
      { issuer, functions: plan.functions },
      { role: 'vendor', tenant, subject: 'vera', seconds: 86_400 },
    );
    const sender = senderAt({ url: web.url, secret: web.secret ?? '', api: runtime.url, token, now: clock.now });
    const answers: string[] = [];
    const placed = ({ at: minutes, ...said }: Saying): ScenarioEvent => ({ ...said, time: at(minutes) });
    await scenario({
      tenant,
      at,
      settle,
      send: async (...sayings) => {
        await Promise.all(sayings.map((each) => sender.send(placed(each))));
      },
      sendTogether: (...sayings) => sender.send(...sayings.map(placed)),
      record: sender.record,
      name: sender.name,
      fromCrm(detailType, detail) {
        runtime.putPartnerEvent({ source: `aws.partner/salesforce.com/${org}/throughline`, detailType, detail });
      },
      sweep(said) {
        queueStore.sendAll([{ queue: runtime.queueOf('sweep'), body: JSON.stringify(said) }]);
      },
      refuse: (refusal) => void refusals.push(refusal),
      forget: runtime.crash,
      async askLong(path, body) {
        const { place } = Begun.parse(JSON.parse(await sender.ask(path, body)));
        await settle();
        const { status, items } = Answer.parse(JSON.parse(await sender.read(place)));
        answers.push(`answer: ${canonicalJson({ status, items })}`);
      },
      async pass(minutes) {
        clock.advance(minutes * minute);
        await settle();
      },
      async allow(...types) {
        await engine.call('UpdateItem', {
          TableName: tables.get('CONNECTIONS_TABLE'),
          Key: { connection: { S: web.connection } },
          UpdateExpression: 'SET alsoAllows = :types',
          ExpressionAttributeValues: { ':types': { L: [...allowed, ...types].map((S) => ({ S })) } },
        });
      },
      async expectWithin(hours) {
        await engine.call('UpdateItem', {
          TableName: tables.get('CONNECTIONS_TABLE'),
          Key: { connection: { S: web.connection } },
          UpdateExpression: 'SET rhythmHours = :hours',
          ExpressionAttributeValues: { ':hours': { N: String(hours) } },
        });
      },
    });
    await settle();
    const state = await readEndState(runtime, tenant);
    await emptyTables(runtime);
    const documents = [...state.documents, ...answers.map((text) => text.replaceAll(tenant, 'TENANT'))];
    return { ...state, documents: documents.map((text) => sinceThen(text, since, timed ? turnOfMonth : turnOfDay)) };
  };

  return {
    runtime,
    play,
    nextBegin,
    moveTo: clock.set,
    stop: async () => {
      await runtime.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

/** The text with every instant, also one in milliseconds, as its distance from the scenario's beginning; the turns stay. */
const sinceThen = (text: string, since: number, turn: RegExp): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z/g, (instant) =>
      turn.test(instant) ? instant : `T${Date.parse(instant) - since}`,
    )
    .replaceAll(/1[789]\d{11}/g, (milliseconds) => `T${Number(milliseconds) - since}`);
