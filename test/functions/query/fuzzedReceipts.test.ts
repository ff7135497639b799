// Is every verified message, whatever its body, found by the id that its sender was given, ended or waiting with a reason?
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { instantOf } from '../../../events/instant.ts';
import { keyOf } from '../../../functions/receipts/receipt.ts';
import { receiptIdOf } from '../../../functions/receipts/receiptId.ts';
import { createDynamoEventStore } from '../../../functions/store/dynamoEventStore.ts';
import { garbage, nearMiss } from '../../events/sources/nearMisses.ts';
import { type Api, createApi, type Item, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import { cloudEventsRequest, org, stripeRequest, tenant } from '../../support/intake/intakeRequests.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let vendor: string;
beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor({ tenant });
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

/** `THROUGHLINE_FUZZ_BODIES=10000` sends many more than a usual run. */
const bodies = Number(process.env.THROUGHLINE_FUZZ_BODIES ?? 150);
/** A world's receipts, and all of them in one list, are few enough for tests to read them at once. */
const aWorld = 75;

interface World {
  readonly intake: Intake;
  readonly api: Api;
}

const world = async (): Promise<World> => {
  const eventsTable = await engine.eventsTable();
  const store = createDynamoEventStore({ client: engine.client, table: eventsTable });
  const intake = await startIntake({ client: engine.client, store });
  const { receipts, sources } = intake.tables;
  const api = await createApi(engine, issuer, { eventsTable, receiptsTable: receipts, sourcesTable: sources });
  api.at('2026-12-01');
  return { intake, api };
};

/** Sends a body as this source would, and returns the id of its receipt. */
type Send = (intake: Intake, body: string) => Promise<string>;

const overHttp = async (intake: Intake, request: unknown): Promise<string> => {
  const answer = await intake.receive(request);
  if (!('statusCode' in answer)) throw new Error('not an answer to a request');
  expect(answer.statusCode).toBeGreaterThanOrEqual(200);
  expect(answer.statusCode).toBeLessThan(300);
  return String(JSON.parse(answer.body).receipt);
};

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

const sends: Readonly<Record<string, Send>> = {
  stripe: (intake, body) => overHttp(intake, stripeRequest(body, intake.now())),
  cloudevents: (intake, body) => overHttp(intake, cloudEventsRequest(body, intake.now())),
  // What a partner bus delivers is JSON with a source: the name of the bus.
  salesforce: async (intake, body) => {
    const said = parsed(body);
    const event = typeof said === 'object' && said !== null && !Array.isArray(said) ? said : { detail: said };
    const source = `aws.partner/salesforce.com/${org}/0YLHp0000004Cb1OAE`;
    const batch = intake.queued([JSON.stringify({ ...event, source })]);
    expect(await intake.receive(batch)).toEqual({ batchItemFailures: [] });
    const [record] = batch.Records;
    const message = { body, headers: {}, receivedAt: instantOf(Number(record?.attributes.SentTimestamp)) };
    const receiptId = record?.messageId ?? '';
    return receiptIdOf(
      keyOf({ connection: 'c-salesforce', tenantId: tenant, source: 'salesforce', receiptId, message }),
    );
  },
};

/** Checks that each body's receipt is shown, and stands in the list of its status, each once. */
const found = async ({ api }: World, sent: ReadonlyMap<string, string>): Promise<void> => {
  const listed = new Map<string, string>();
  for (const status of ['pending', 'waiting', 'translated', 'ignored', 'refused']) {
    const { items } = await api.all(vendor, 'receipts', { status });
    for (const { receipt } of items) {
      expect(listed.has(String(receipt))).toBe(false);
      listed.set(String(receipt), status);
    }
  }
  for (const [id, body] of sent) {
    const { status, body: shown }: { status: number; body: Item } = await api.get(vendor, `receipts/${id}`);
    expect(status, body).toBe(200);
    expect(shown.status, body).toMatch(/^(waiting|translated|ignored|refused)$/);
    if (shown.status !== 'translated') expect(shown.reason, body).toEqual(expect.stringMatching(/./));
    expect(listed.get(id), body).toBe(shown.status);
  }
  expect(listed.size).toBe(sent.size);
  expect(api.reported).toEqual([]);
};

describe.each(Object.entries(sends))('bodies over the door of %s', (_, send) => {
  const worlds = Array.from({ length: Math.ceil(bodies / aWorld) }, (_, index) => index);

  test('that are garbage end with a reason, and nothing comes of them', async () => {
    for (const _ of worlds) {
      const here = await world();
      const sent = new Map<string, string>();
      for (const body of fc.sample(garbage, aWorld)) sent.set(await send(here.intake, body), body);
      await here.intake.settle();
      await found(here, sent);
      expect(here.intake.facts()).toEqual([]);
      const { items } = await here.api.all(vendor, 'engagements');
      expect(items).toEqual([]);
    }
  }, 600_000);

  test('that are near-misses end or wait, and spoil no other', async () => {
    for (const _ of worlds) {
      const here = await world();
      const sent = new Map<string, string>();
      for (const body of fc.sample(nearMiss, aWorld)) sent.set(await send(here.intake, body), body);
      await here.intake.settle();
      await found(here, sent);
    }
  }, 600_000);
});
