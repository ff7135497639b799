// Do merged engagements answer as one, do late facts follow, and does taking the merge back give everything back?
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engagementAbsorbed } from '../../../domain/stages/engagementAbsorbed.ts';
import { parseRecorded } from '../../../events/catalog.ts';
import { derivedEngagementOf, derivedPartyOf, parseStreamId, streamIdOf } from '../../../events/identifiers.ts';
import { type Api, createApi, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let vendor: string;

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
}, 60_000);
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const streamOf = (name: string): string => streamIdOf(tenantId, 'engagement', name);
const opened = (name: string, at: string, amount: string) =>
  fact('EngagementOpened', { expectedValue: { amount, currency: 'EUR' } }, { at, stream: streamOf(name) });
const delivered = (name: string, at: string) => fact('DeliveryStarted', {}, { at, stream: streamOf(name) });

/** Posts a merge, and lets control hear of it, as the bus does. */
const merged = async (api: Api, from: string, into: string, key: string) => {
  const said = { type: 'EngagementMerged', engagement: from, data: { into, how: 'duplicate' } };
  const answer = await api.post(vendor, said, key);
  expect(answer.status).toBe(200);
  const [event] = Array.isArray(answer.body.events) ? answer.body.events : [];
  const parsed = parseRecorded(event);
  if (!parsed.ok || parsed.value.type !== 'EngagementMerged') throw new Error('no merge was recorded');
  await api.record(engagementAbsorbed(parsed.value));
  return parsed.value;
};

const twoOfOneSale = async (): Promise<Api> => {
  const api = await createApi(engine, issuer);
  api.at('2026-03-01');
  await api.record(opened('first', '2026-01-05', '100'), opened('second', '2026-01-06', '90'));
  await api.record(fact('DealClosed', { result: 'won' }, { at: '2026-02-01', stream: streamOf('second') }));
  await api.project();
  return api;
};

const headOf = async (api: Api, name: string) => (await api.get(vendor, `engagements/${name}`)).body.engagement;
const timelineOf = async (api: Api, name: string) =>
  (await api.all(vendor, `engagements/${name}/events`, { limit: '2' })).items;

describe('engagements that are merged', () => {
  it('answer as one, by either id; late facts follow, and are given back', async () => {
    const api = await twoOfOneSale();
    api.at('2026-03-02');
    const merge = await merged(api, 'second', 'first', 'merge-1');
    await api.project();
    expect(await headOf(api, 'second')).toMatchObject({ engagementId: 'first', valueMinor: 10_000, mergedInto: null });

    // A writer that never heard of the merge still says the facts of the second.
    api.at('2026-03-03');
    await api.record(delivered('second', '2026-03-03'), delivered('second', '2026-03-03'));
    await api.project();
    expect(await headOf(api, 'first')).toMatchObject({
      stage: 'deliver',
      deliveryStartedAt: '2026-03-03T00:00:00.000Z',
    });
    const timeline = await timelineOf(api, 'first');
    expect(timeline.map(({ type }) => type)).toEqual([
      ...['EngagementOpened', 'EngagementOpened', 'DealClosed'],
      ...['EngagementAbsorbed', 'EngagementMerged', 'DeliveryStarted'],
    ]);
    expect(timeline.at(-1)).toMatchObject({ streamId: streamOf('first'), addressedTo: streamOf('second') });

    // As of the day before, there were two.
    const before = { asOf: '2026-03-01T12:00:00Z' };
    const then = async (name: string) => (await api.get(vendor, `engagements/${name}`, before)).body.engagement;
    expect(await then('second')).toMatchObject({ engagementId: 'second', valueMinor: 9_000, result: 'won' });
    expect(await then('first')).toMatchObject({ engagementId: 'first', result: null });

    const rows = itemsOf(await api.get(vendor, 'tables/engagements', { limit: '10' }));
    expect(rows.map(({ engagementId, mergedInto }) => [engagementId, mergedInto])).toEqual([
      ['first', null],
      ['second', 'first'],
    ]);

    // The merge is taken back by its event, whichever of the two is named.
    const back = { type: 'FactRetracted', engagement: 'first', data: { eventId: merge.eventId, reason: 'mistake' } };
    expect((await api.post(vendor, back, 'back-1')).status).toBe(200);
    await api.project();
    expect(await headOf(api, 'second')).toMatchObject({
      ...{ engagementId: 'second', result: 'won', deliveryStartedAt: '2026-03-03T00:00:00.000Z' },
    });
    expect(await headOf(api, 'first')).toMatchObject({ stage: 'sell', deliveryStartedAt: null });

    // It can be merged again, and the survivor into another one.
    await merged(api, 'second', 'first', 'merge-again');
    await api.record(opened('third', '2026-01-07', '10'));
    await merged(api, 'first', 'third', 'merge-on');
    await api.project();
    expect(await headOf(api, 'second')).toMatchObject({ engagementId: 'third', valueMinor: 1_000 });
    const [absorbed] = (await timelineOf(api, 'third')).filter(({ type }) => type === 'EngagementAbsorbed');
    const wrong = {
      type: 'FactRetracted',
      engagement: 'third',
      data: { eventId: absorbed?.eventId, reason: 'mistake' },
    };
    expect((await api.post(vendor, wrong, 'back-2')).body).toMatchObject({ reason: 'notRetractable' });
    expect(api.reported).toEqual([]);
  });

  it('show a partner nothing of another’s engagement once the merge was taken back, at no date', async () => {
    const api = await createApi(engine, issuer);
    api.at('2026-03-01');
    const ledBy = (id: string) => ({ leadPartner: { system: 'salesforce', kind: 'account', id } });
    const [own, other] = ['001000000000001AAA', '001000000000002AAA'];
    const open = (name: string, id: string) =>
      fact('EngagementOpened', ledBy(id), { at: '2026-01-05', stream: streamOf(name) });
    await api.record(open('first', own), open('second', other), delivered('second', '2026-02-01'));
    api.at('2026-03-02');
    const merge = await merged(api, 'second', 'first', 'merge-3');
    await api.project();
    const partner = await peopleOf(issuer).partner(parseStreamId(derivedPartyOf(tenantId, ledBy(own).leadPartner)).id);
    const ask = async (asked = {}) => await api.get(partner, 'engagements/first', asked);
    const dated = { asOf: '2026-03-02T12:00:00Z' };
    api.at('2026-03-03');
    expect((await ask(dated)).body).toMatchObject({ engagement: { deliveryStartedAt: '2026-02-01T00:00:00.000Z' } });
    const back = { type: 'FactRetracted', engagement: 'second', data: { eventId: merge.eventId, reason: 'mistake' } };
    expect((await api.post(vendor, back, 'back-3')).status).toBe(200);
    await api.project();
    expect((await ask()).body).toMatchObject({ engagement: { stage: 'sell', deliveryStartedAt: null } });
    for (const asked of [
      { ...dated, clock: 'recorded' },
      { ...dated, clock: 'occurred' },
    ]) {
      expect(JSON.stringify(await ask(asked))).not.toContain('2026-02-01T00:00:00.000Z');
    }
    expect((await ask({ ...dated, clock: 'recorded' })).status).toBe(404);
  });

  it('refuse a second merge, a merge into themselves, and one into what nobody knows', async () => {
    const api = await twoOfOneSale();
    const said = (into: string) => ({
      type: 'EngagementMerged',
      engagement: 'second',
      data: { into, how: 'duplicate' },
    });
    expect((await api.post(vendor, said('nobody'), 'm0')).body).toMatchObject({ reason: 'engagementUnknown' });
    expect((await api.post(vendor, said('second'), 'm1')).body).toMatchObject({ reason: 'mergedIntoItself' });
    expect((await api.post(vendor, said('first'), 'm2')).status).toBe(200);
    expect((await api.post(vendor, said('first'), 'm2')).status).toBe(200);
    expect((await api.post(vendor, said('first'), 'm3')).body).toMatchObject({ reason: 'alreadyMerged' });
  });

  it('are merged by a link that leads an opportunity elsewhere, with what its own engagement holds by then', async () => {
    const api = await createApi(engine, issuer);
    api.at('2026-03-01');
    const external = { system: 'salesforce', kind: 'Opportunity', id: '0065g00000AbCdEAAV' };
    const own = derivedEngagementOf(tenantId, external);
    await api.record(opened('first', '2026-01-05', '100'));
    await api.record(fact('DeliveryStarted', {}, { at: '2026-02-05', stream: own }));
    const data = { external, to: { stream: streamOf('first') }, reason: 'one sale, entered twice' };
    for (const key of ['link-1', 'link-1']) {
      expect((await api.post(vendor, { type: 'IdentityLinked', data }, key)).status).toBe(200);
    }
    const { events } = await api.store.load(own);
    expect(events.map(({ type }) => type)).toEqual(['DeliveryStarted', 'EngagementMerged']);
    await api.project();
    const { id } = parseStreamId(own);
    expect(await headOf(api, id)).toMatchObject({ engagementId: 'first' });
  });

  it('take corrections of what was said before the merge on the right stream', async () => {
    const api = await twoOfOneSale();
    await merged(api, 'second', 'first', 'merge-2');
    const won = (await timelineOf(api, 'first')).find(({ type }) => type === 'DealClosed');
    const taken = { type: 'FactRetracted', engagement: 'first', data: { eventId: won?.eventId, reason: 'mistake' } };
    const answer = await api.post(vendor, taken, 'taken-1');
    expect(answer.body).toMatchObject({ events: [{ streamId: streamOf('first'), addressedTo: streamOf('second') }] });
    await api.project();
    const stands = (await timelineOf(api, 'first')).find(({ eventId }) => eventId === won?.eventId);
    expect(stands).toMatchObject({ stands: false });
  });
});
