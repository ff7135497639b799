// Does what rests on a stream go on where that stream holds an event that this code doesn't know?
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fact } from '../../../events/catalog.ts';
import { derivedPartyOf, identityStreamOf, streamIdOf } from '../../../events/identifiers.ts';
import { createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact, tenantId } from '../../support/histories/events.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { following, storedItems } from './storedItems.ts';

let engine: TestEngine;
let issuer: TestIssuer;
let vendor = '';
beforeAll(async () => {
  [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
  vendor = await peopleOf(issuer).vendor();
});
afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

const neighbour = streamIdOf(tenantId, 'engagement', 'e2');

describe('a stream that others rest on', () => {
  const customer = { system: 'crm', kind: 'account', id: 'a-1' };
  const party = derivedPartyOf(tenantId, customer);
  const policy = streamIdOf(tenantId, 'policy', 'policy');
  const identity = identityStreamOf(tenantId, customer);
  const about = { at: '2026-06-01' };
  const said: Readonly<Record<string, Fact>> = {
    [party]: fact('PartyRegistered', { party: customer, roles: ['customer'] }, { ...about, stream: party }),
    [policy]: fact(
      'PolicyPublished',
      { policyVersion: 1, effectiveFrom: '2026-01-01T00:00:00.000Z' },
      { ...about, stream: policy },
    ),
    [identity]: fact(
      'IdentityLinked',
      { external: customer, to: { stream: party }, reason: 'test' },
      { ...about, stream: identity },
    ),
  };

  test.each(Object.keys(said))(
    '%s holds an unknown event: what rests on it goes on, and health names it',
    async (of) => {
      const api = await createApi(engine, issuer);
      const first = said[of];
      if (first === undefined) throw new Error('no fact');
      await api.record(first);
      await api.record(fact('EngagementOpened', { customer }, { at: '2026-06-01', stream: neighbour }));
      await api.project();
      const items = storedItems(engine, api.eventsTable);
      const unheard = (text: string): string => text.replace(/"type":"[A-Za-z]+"/, '"type":"Unheard"');
      await items.put(following(await items.at(of, 1), 1, unheard));
      await api.record(fact('DealClosed', { result: 'won' }, { at: '2026-06-04', stream: neighbour }));
      await api.projectOnly(neighbour);
      expect(await api.get(vendor, 'engagements/e2')).toMatchObject({
        status: 200,
        body: { engagement: { result: 'won' } },
      });
      expect(await api.get(vendor, 'engagements/e2', { asOf: '2026-06-05' })).toMatchObject({ status: 200 });
      const { body } = await api.get(vendor, 'health');
      expect(body).toMatchObject({
        unreadable: [{ stream: of, reason: expect.stringContaining('unknown event type Unheard') }],
      });
      // An engagement that comes later rests on it too, and takes facts of any kind.
      const late = streamIdOf(tenantId, 'engagement', 'e3');
      await api.record(fact('EngagementOpened', { customer }, { at: '2026-06-05', stream: late }));
      await api.projectOnly(late);
      expect(await api.get(vendor, 'engagements/e3')).toMatchObject({ status: 200 });
    },
  );
});
