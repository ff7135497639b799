// What becomes of a partner's word that would change what is measured about it?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EventType, Fact } from '../../../events/catalog.ts';
import { derivedPartyOf, parseStreamId } from '../../../events/identifiers.ts';
import { type Api, createApi, eventsOf, type Item, itemsOf, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { engagementStream, fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';

const nordlys = { system: 'salesforce:00D000000000001EAA', kind: 'account', id: '001000000000001AAA' };
const partyId = parseStreamId(derivedPartyOf(tenantId, nordlys)).id;

let engine: TestEngine;
let issuer: TestIssuer;
let api: Api;
let [vendor, partner] = ['', ''];

const won = fact(
  'DealClosed',
  { result: 'won', value: { amount: '100.00', currency: 'EUR' } },
  { at: '2026-06-10', sourceId: 'won' },
);

beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  const people = peopleOf(issuer);
  [vendor, partner] = await Promise.all([people.vendor(), people.partner(partyId)]);
});
beforeEach(async () => {
  api = await createApi(engine, issuer);
  api.at('2026-06-10T00:00');
  await api.record(fact('EngagementOpened', { leadPartner: nordlys }, { at: '2026-06-01' }), won as Fact);
  api.at('2026-06-20T00:00');
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const say = (token: string, type: EventType, data: object, more: object = {}) =>
  api.post(token, { type, engagement: 'e1', data, ...more }, `k-${Math.random()}`);

const flagsAsked = async (asked: Readonly<Record<string, string>>, token = vendor): Promise<readonly Item[]> => {
  await api.project();
  return itemsOf(await api.get(token, 'flags', asked));
};

const outcome = { outcomeId: 'o1' };
const before = { occurredAt: '2026-06-09T00:00:00.000Z' };

describe('a partner', () => {
  test('is written into the envelope with its party, and a person of the vendor with none', async () => {
    const [said] = eventsOf(await say(partner, 'OutcomeAgreed', outcome));
    expect(said).toMatchObject({ saidBy: { role: 'partner', partyId } });
    const [ours] = eventsOf(await say(vendor, 'OutcomeAgreed', { outcomeId: 'o2' }));
    expect(ours).toMatchObject({ saidBy: { role: 'vendor' } });
  });

  test('may not replace or take back what others said', async () => {
    const notYours = { status: 403, body: { reason: 'notYours' } };
    expect(await say(partner, 'DealClosed', { result: 'lost' }, { supersedes: won.eventId })).toMatchObject({
      status: 403,
    });
    expect(await say(partner, 'FactRetracted', { eventId: won.eventId, reason: 'wrong' })).toMatchObject(notYours);
    const [opening] = (await api.store.load(engagementStream)).events;
    expect(
      await say(partner, 'EngagementOpened', { leadPartner: nordlys }, { supersedes: opening?.eventId }),
    ).toMatchObject(notYours);
  });

  test('takes back and replaces what it said itself', async () => {
    const [said] = eventsOf(await say(partner, 'OutcomeAgreed', outcome));
    const [again] = eventsOf(await say(partner, 'OutcomeAgreed', outcome, { supersedes: said?.eventId }));
    expect(await say(partner, 'FactRetracted', { eventId: again?.eventId, reason: 'wrong' })).toMatchObject({
      status: 200,
    });
  });

  test('can’t date a fact ahead, so that it would hide what the vendor says meanwhile', async () => {
    expect(await say(partner, 'OutcomeAgreed', outcome, { occurredAt: '2026-06-20T00:06:00Z' })).toMatchObject({
      status: 422,
      body: { reason: 'occurredAtNotBelievable' },
    });
    const [near] = eventsOf(await say(partner, 'OutcomeAgreed', outcome, { occurredAt: '2026-06-20T00:04:00Z' }));
    expect(near).toMatchObject({ occurredAt: '2026-06-20T00:00:00.000Z' });
  });

  test('judges no claim, not even its own', async () => {
    const [said] = eventsOf(await say(partner, 'OutcomeAgreed', outcome, before));
    for (const type of ['ClaimConfirmed', 'ClaimRejected'] as const) {
      expect(await say(partner, type, { eventId: said?.eventId, reason: 'mine' })).toMatchObject({
        status: 403,
        body: { reason: 'notAllowed' },
      });
    }
  });
});

describe('a back-dated claim', () => {
  test('leaves the flag on the vendor’s list until the vendor judges it', async () => {
    expect(await flagsAsked({ rule: 'P1.1' })).toMatchObject([{ status: 'open', claim: null }]);
    const [claim] = eventsOf(await say(partner, 'OutcomeAgreed', outcome, before));
    const listed = await flagsAsked({ claim: 'unconfirmed' });
    expect(listed).toMatchObject([
      {
        rule: 'P1.1',
        status: 'cleared',
        clearReason: 'lateClaim',
        clearedByEvent: claim?.eventId,
        clearedAt: '2026-06-20T00:00:00.000Z',
      },
    ]);
    const flag = await api.get(vendor, `flags/${String(listed[0]?.flagId)}`);
    expect(flag.body).toMatchObject({ clearedBy: { eventId: claim?.eventId, saidBy: { role: 'partner' } } });

    expect(await say(vendor, 'ClaimRejected', { eventId: claim?.eventId, reason: 'no-proof' })).toMatchObject({
      status: 200,
    });
    expect(await flagsAsked({ claim: 'unconfirmed' })).toEqual([]);
    expect(await flagsAsked({ rule: 'P1.1' })).toMatchObject([{ status: 'open' }]);

    api.at('2026-06-21T00:00');
    expect(await say(vendor, 'ClaimConfirmed', { eventId: claim?.eventId, reason: 'minutes seen' })).toMatchObject({
      status: 200,
    });
    expect(await flagsAsked({ rule: 'P1.1' })).toEqual([]);
  });

  test('is on the list as of a date since it was made, and the flag is open as of one before', async () => {
    await say(partner, 'OutcomeAgreed', outcome, before);
    api.at('2026-06-25T00:00');
    await api.project();
    const flagsOf = async (asOf: string, clock: string) => {
      const { body } = await api.get(vendor, 'engagements/e1', { asOf, clock });
      return itemsOf({ status: 200, contentType: '', body: { items: body.flags } }).filter(
        ({ rule }) => rule === 'P1.1',
      );
    };
    for (const clock of ['occurred', 'recorded']) {
      expect(await flagsOf('2026-06-15T00:00:00.000Z', clock)).toMatchObject([{ status: 'open' }]);
      expect(await flagsOf('2026-06-22T00:00:00.000Z', clock)).toMatchObject([{ clearReason: 'lateClaim' }]);
    }
  });

  test('is judged by a person of the vendor alone, on what a partner said', async () => {
    expect(await say(vendor, 'ClaimConfirmed', { eventId: won.eventId, reason: 'x' })).toMatchObject({
      status: 409,
      body: { reason: 'notAClaim' },
    });
    expect(await say(vendor, 'ClaimRejected', { eventId: 'nothing', reason: 'x' })).toMatchObject({
      status: 409,
      body: { reason: 'claimUnknown' },
    });
  });
});
