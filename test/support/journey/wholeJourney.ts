// What happens in a channel from its first offer to a renewal? Every fixture of the catalog, said through the real doors, with what waits, fails and falls due.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import * as z from 'zod';
import { tables } from '../../../domain/rows/catalog.ts';
import { eventTypes } from '../../../events/catalog.ts';
import { sendCommand } from '../../../infra/commands/commandServer.ts';
import { tablesOf } from '../../../infra/faults/endState.ts';
import type { ManualClock } from '../../../infra/local/core/clock.ts';
import type { Runtime } from '../../../infra/local/runtime.ts';
import { org } from '../../../infra/sample/salesforceRecords.ts';
import { observingPolicy } from '../histories/observing.ts';
import { type Message, type Sender, senderOf } from '../sender.ts';
import { askLong } from './askLong.ts';
import { isLed, manyDeals } from './manyDeals.ts';
import { ofEveryOwner } from './ofEveryOwner.ts';

const tenant = 'northwind';
const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'events');

const Fixture = z.object({
  type: z.string(),
  occurredAt: z.string(),
  streamId: z.string(),
  data: z.record(z.string(), z.unknown()),
});

/** Every fixture as the message of a tool; those of an engagement are about one deal. */
const said = (): readonly Message[] =>
  readdirSync(fixtures).flatMap((file) => {
    const { type, occurredAt, streamId, data } = Fixture.parse(JSON.parse(readFileSync(join(fixtures, file), 'utf8')));
    if (type === 'StageEntered' || type === 'PolicyPublished') return [];
    const about = streamId.split('/')[1] === 'engagement' ? { subject: 'crm/opportunity/deal-1' } : {};
    return [{ id: file, type: `throughline.${type}`, time: occurredAt, ...about, data }];
  });

export interface Journey {
  readonly runtime: Runtime;
  readonly clock: ManualClock;
}

const ask = async (command: string, { dataDir }: Runtime, input: object): Promise<unknown> =>
  (await sendCommand(dataDir, command, input))?.answer;

const deliver = async (sender: Sender, messages: readonly Message[]): Promise<void> => {
  for (const message of messages) expect(await sender.deliver(message), message.type).toBe(202);
};

/** A connection that may say everything. */
export const connectTool = async ({ runtime, clock }: Journey): Promise<Sender> => {
  const wanted = { source: 'cloudevents', tenant, account: 'tools', allow: eventTypes.join(',') };
  return senderOf(JSON.stringify(await ask('connect', runtime, wanted)), () => new Date(clock.now()));
};

const tokenFor = async ({ runtime }: Journey, claims: object): Promise<string> =>
  z.object({ token: z.string() }).parse(await ask('token', runtime, { tenant, ...claims })).token;

const post = async (
  journey: Journey,
  key: string,
  body: object,
  claims: object = { role: 'vendor' },
): Promise<number> => {
  const token = await tokenFor(journey, claims);
  const headers = { authorization: `Bearer ${token}`, 'idempotency-key': key, 'content-type': 'application/json' };
  const answer = await fetch(`${journey.runtime.url}/v1/facts`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  await answer.text();
  return answer.status;
};

const putNames = async ({ runtime }: Journey, token: string, names: object): Promise<void> => {
  const answer = await fetch(`${runtime.url}/v1/names`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ names }),
  });
  expect(answer.status, await answer.text()).toBe(200);
};

const Receipts = z.looseObject({ items: z.array(z.looseObject({ receipt: z.string() })).min(1) });
const Rows = z.looseObject({ items: z.array(z.looseObject({ rowKey: z.string() })) });

/** Everything that can be asked, by the tenant's own people and by a partner. */
export const askEverything = async (journey: Journey): Promise<void> => {
  const vendor = await tokenFor(journey, { role: 'vendor' });
  const get = async (path: string, token = vendor): Promise<unknown> => {
    const answer = await fetch(`${journey.runtime.url}/v1/${path}`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status, path).toBe(200);
    return await answer.json();
  };
  const rows = async (path: string, token?: string) => Rows.parse(await get(path, token)).items;
  const engagements = await rows('engagements');
  const [{ rowKey: engagement, leadPartnerId } = { rowKey: 'none' }] = engagements.filter(isLed);
  const partner = await tokenFor(journey, { role: 'partner', partner: String(leadPartnerId) });
  const flags = await rows('flags?status=open');
  expect(flags.length).toBeGreaterThan(0);
  const handed = { handoffId: 'h-1', fromStage: 'sell', toStage: 'deliver', by: 'crm:user/42' };
  const fact = { type: 'HandoffAccepted', engagement, data: handed };
  const claims = { role: 'partner', partner: String(leadPartnerId) };
  expect(await post(journey, 'accept', fact, claims)).toBe(200);
  for (const { rowKey } of engagements) await get(`engagements/${rowKey}/events`);
  for (const token of [vendor, partner]) {
    await get('engagements?stage=renew', token);
    await get(`engagements?partner=${String(leadPartnerId)}`, token);
    await get('engagements?flag=P1.1', token);
    await get(`engagements/${engagement}`, token);
    await get(`flags?partner=${String(leadPartnerId)}`, token);
    await get('flags?pattern=unclearHandoffs', token);
    await get('flags?pattern=unclearHandoffs&status=open', token);
    await get('flags?claim=unconfirmed', token);
    for (const { name } of tables) {
      await get(`tables/${name}`, token);
      await get(`tables/${name}?partner=${String(leadPartnerId)}`, token);
    }
  }
  await get(`engagements/${engagement}?asOf=2026-06-01`);
  await get('flags?pattern=customEveryTime&status=open');
  for (const flag of [...flags, ...(await rows('flags?rule=P2.6'))]) await get(`flags/${String(flag.flagId)}`);
  const own = flags.filter(({ engagementId }) => typeof engagementId === 'string');
  for (const flag of own) await get(`flags/${String(flag.flagId)}?engagement=${String(flag.engagementId)}`);
  for (const table of ['partner_flags', 'arr_quartiles'])
    for (const { partnerId } of await rows(`tables/${table}`))
      await get(`tables/${table}?partner=${String(partnerId)}`);
  for (const name of ['Anna Schmidt', null]) {
    await putNames(journey, vendor, { 'crm:user/42': name });
    await get(`engagements/${engagement}/events?names=true`);
  }
  await get('names');
  await get('unmatched');
  await get('health');
  for (const asked of ['', '?status=waiting', '?status=refused', '/summary']) await get(`receipts${asked}`);
  const { items: receipts } = Receipts.parse(await get('receipts?status=translated'));
  for (const { receipt } of receipts.slice(0, 3)) await get(`receipts/${receipt}`);
  const { url, drained } = journey.runtime;
  const to = new Date(journey.clock.now()).toISOString();
  await askLong({ url, token: vendor, partner: String(leadPartnerId), to, drained });
};

/** Removes an engagement's rows, as one would who doubts them, and has them made again: more than one transaction holds. */
const rebuildRows = async ({ runtime }: Journey): Promise<void> => {
  const { plan, engine, queueStore } = runtime;
  const Rows = z.looseObject({ Items: z.array(z.record(z.string(), z.unknown())) });
  for (const { name, key } of plan.tables.filter((table) => table.key[1]?.name === 'rowKey')) {
    const { Items } = Rows.parse(await engine.call('Scan', { TableName: name }));
    for (const item of Items) {
      const Key = Object.fromEntries(key.map((part) => [part.name, item[part.name]]));
      await engine.call('DeleteItem', { TableName: name, Key });
    }
  }
  const ticks = [{ sweep: 'pager' }, { sweep: 'customer', tenantId: tenant, partyId: 'anybody' }];
  const tickAll = (said: readonly object[]): void => {
    queueStore.sendAll(said.map((tick) => ({ queue: runtime.queueOf('sweep'), body: JSON.stringify(tick) })));
  };
  tickAll(ticks);
  await runtime.drained();
  // Once more for everything: the groups have heads again.
  tickAll([{ sweep: 'pager', all: true }]);
  await runtime.drained();
};

/** A message that nobody understands, on every function's queue, a commit and a receipt that are none: why is kept, and they are set aside. */
const failEverywhere = async ({ runtime }: Journey): Promise<void> => {
  const { plan, queueStore, engine } = runtime;
  for (const { queue } of plan.queueMappings) queueStore.sendAll([{ queue, body: '{"not":"understood"}' }]);
  const Item = { stream: { S: `${tenant}/engagement/broken` }, version: { N: '1' }, events: { S: 'nonsense' } };
  await engine.call('PutItem', { TableName: plan.outputs.EventsTable, Item });
  const receipt = { partition: { S: `${tenant}#broken` }, id: { S: 'broken' }, kind: { S: 'receipt' } };
  await engine.call('PutItem', { TableName: tablesOf(plan).get('RECEIPTS_TABLE'), Item: receipt });
  await runtime.drained();
};

/** Plays it all; resolves when nothing is left to do. */
export const playWholeJourney = async (journey: Journey): Promise<void> => {
  const { runtime, clock } = journey;
  const tool = await connectTool(journey);
  await deliver(tool, said());
  await runtime.drained();
  // Somebody else's deal, whose reference nobody knows yet: it waits, is offered again, and is woken by a person's link.
  const data = { outcomeId: 'o-1', statementRef: 'doc:1' };
  await deliver(tool, [
    { id: 'waits', type: 'throughline.OutcomeAgreed', time: '2026-03-01T09:00:00Z', subject: 'engagement/ENG-9', data },
    {
      id: 'opens',
      type: 'throughline.EngagementOpened',
      time: '2026-03-01T09:00:00Z',
      subject: 'crm/opportunity/deal-9',
      data: { segment: 'retail' },
    },
  ]);
  await runtime.drained();
  clock.advance(11 * 60_000);
  await runtime.drained();
  const external = { system: 'reference', kind: 'engagement', id: 'ENG-9' };
  const to = { external: { system: 'crm', kind: 'opportunity', id: 'deal-9' } };
  expect(await post(journey, 'link', { type: 'IdentityLinked', data: { external, to, reason: 'doc:2' } })).toBe(200);
  await runtime.drained();
  // Of two engagements to every stage, and of two ids to control; then of one each.
  for (const facts of [
    ofEveryOwner(['deal-1', 'deal-9'], ['seat-1', 'seat-2']),
    ofEveryOwner(['deal-9'], ['seat-3']),
  ]) {
    const messages = facts.map((fact): Message => {
      const id = `${fact.subject} ${JSON.stringify(fact.data)}`;
      return { ...fact, id, type: `throughline.${fact.type}`, time: '2026-04-02T09:00:00Z' };
    });
    expect(await tool.deliver(...messages)).toBe(202);
    await runtime.drained();
  }
  expect(await post(journey, 'policy', { type: 'PolicyPublished', data: observingPolicy })).toBe(200);
  await deliver(tool, manyDeals());
  await runtime.drained();
  // More rows than one transaction holds.
  const handoffs = Array.from({ length: 100 }, (_, index): Message => {
    const handoff = { handoffId: `h-${index}`, fromStage: 'sell', toStage: 'deliver' };
    return {
      id: `h-${index}`,
      type: 'throughline.HandoffOffered',
      time: '2026-04-01T09:00:00Z',
      subject: 'crm/opportunity/deal-1',
      data: handoff,
    };
  });
  await Promise.all(
    Array.from({ length: 8 }, (_, hand) =>
      deliver(
        tool,
        handoffs.filter((_each, index) => index % 8 === hand),
      ),
    ),
  );
  await runtime.drained();
  const salesforce = z
    .looseObject({ url: z.string() })
    .parse(await ask('connect', runtime, { source: 'salesforce', tenant, account: org }));
  runtime.putPartnerEvent({ source: salesforce.url, detailType: 'Opportunity', detail: { nothing: 'known' } });
  await runtime.drained();
  clock.advance(24 * 3_600_000);
  await runtime.drained();
  await askEverything(journey);
  await rebuildRows(journey);
  // A month turns: groups change by time alone.
  clock.advance(10 * 24 * 60 * 60_000);
  await runtime.drained();
  await failEverywhere(journey);
};
