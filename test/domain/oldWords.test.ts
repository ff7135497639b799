// Is every version of every event still understood: parsed, upcast step by step, and folded?
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { foldCampaign } from '../../domain/context/campaign.ts';
import { linkOf } from '../../domain/context/identity.ts';
import { foldOffer } from '../../domain/context/offer.ts';
import { foldParty } from '../../domain/context/party.ts';
import { policyAt } from '../../domain/context/policy.ts';
import { historyOf, standing } from '../../domain/history.ts';
import { tables } from '../../domain/rows/catalog.ts';
import { rowsOf } from '../../domain/rows/engagementRows.ts';
import { definitionOf, eventTypes, parseRecorded, type RecordedEvent } from '../../events/catalog.ts';
import { eventIdOf, parseStreamId } from '../../events/identifiers.ts';
import { upcast } from '../../events/upcasts.ts';
import { contextOf } from '../support/contexts.ts';

const folder = new URL('../fixtures/events/', import.meta.url);
const names = readdirSync(folder).sort();
const rawOf = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

const eventOf = (name: string): RecordedEvent => {
  const parsed = parseRecorded(rawOf(name));
  if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.issues)}`);
  return parsed.value;
};

const events = names.map(eventOf);
const now = '2030-01-01T00:00:00.000Z';

describe('every event ever shipped', () => {
  it('has a fixture, for each version of each type', () => {
    const wanted = eventTypes.flatMap((type) =>
      Array.from({ length: definitionOf(type)?.version ?? 1 }, (_, index) => `${type}.v${index + 1}.json`),
    );
    expect(names).toEqual([...wanted].sort());
  });

  it.each(names)('%s parses to its type at the current version', (name) => {
    const [type = '', version] = name.split('.');
    expect(rawOf(name)).toMatchObject({ type, schemaVersion: Number(version?.slice(1)) });
    expect(eventOf(name)).toMatchObject({ type, schemaVersion: definitionOf(type)?.version });
  });

  it.each(names)('%s keeps the event id of its old data', (name) => {
    const event = eventOf(name);
    if (event.schemaVersion !== 1) return;
    expect(event.eventId).toBe(eventIdOf(event));
  });

  it('folds into rows that fit their columns', () => {
    const engagement = events.filter((event) => parseStreamId(event.streamId).kind === 'engagement');
    const { head, rows } = rowsOf({ events: engagement, context: contextOf({ tenantId: 'northwind' }), now });
    for (const row of [head, ...rows]) {
      const table = tables.find(({ name }) => name === row.table);
      expect(table?.columns.parse(row.columns)).toEqual(row.columns);
    }
    expect(head.columns).toMatchObject({
      stage: 'renew',
      endReason: 'subscriptionsEnded',
      cycle: 2,
      deviations: [
        { kind: 'handoffAnswerWithoutOffer', about: 'ho-2' },
        { kind: 'invitationUnknown', about: 'inv-32' },
      ],
    });
    expect(new Set(rows.map(({ table }) => table))).toContain('order_legs');
  });

  it('folds into offers, parties, campaigns, links and policies; a reconciliation request stands', () => {
    const of = (kind: string): readonly RecordedEvent[] =>
      standing(historyOf(events.filter((event) => parseStreamId(event.streamId).kind === kind)));
    expect(foldOffer(of('offer'))).toMatchObject({ offerId: 'governed-workplace' });
    expect(foldParty(of('party')).registered?.data.roles).toEqual(['msp', 'var']);
    expect(foldCampaign(of('campaign'))?.launched.data.campaignId).toBe('spring-2026');
    expect(linkOf(of('identity'))?.data.to).toMatchObject({ external: { kind: 'Opportunity' } });
    expect(of('source').map(({ type }) => type)).toEqual([
      'ReconciliationRequested',
      'SourceWentQuiet',
      'SourceRecovered',
    ]);
    expect(policyAt(of('policy'), now).version).toBe(1);
  });
});

describe('upcasts', () => {
  const steps = {
    OrderBlocked: [(data: unknown) => ({ said: data, since: 'v2' }), (data: unknown) => ({ said: data, since: 'v3' })],
  };
  const event = (schemaVersion: number) => ({ type: 'OrderBlocked', schemaVersion, data: { poMissing: true } });

  it('lead from the oldest version to the newest, one version at a time', () => {
    expect(upcast(event(1), 3, steps)).toEqual({
      type: 'OrderBlocked',
      schemaVersion: 3,
      data: { said: { said: { poMissing: true }, since: 'v2' }, since: 'v3' },
    });
  });

  it('begin at the stored version, and stop at the wanted one', () => {
    expect(upcast(event(2), 3, steps)).toEqual({
      type: 'OrderBlocked',
      schemaVersion: 3,
      data: { said: { poMissing: true }, since: 'v3' },
    });
    expect(upcast(event(1), 2, steps).data).toEqual({ said: { poMissing: true }, since: 'v2' });
  });

  it('do not change an event at the wanted version, of a newer one, or without steps', () => {
    for (const known of [event(3), event(4)]) expect(upcast(known, 3, steps)).toBe(known);
    const other = { type: 'OrderPlaced', schemaVersion: 1, data: {} };
    expect(upcast(other, 1, steps)).toBe(other);
  });
});
