// Are the facts of a system whose ids are unique over all its accounts the same, whatever connection they come by?
import { describe, expect, it } from 'vitest';
import type { Connection, SourceFact } from '../../../events/sources/source.ts';
import { draftOf } from '../../../functions/intake/factDraft.ts';
import type { Receipt } from '../../../functions/receipts/receipt.ts';

const receipt = (id: string): Receipt => ({
  partition: 'p',
  id,
  status: 'pending',
  source: 'any',
  connectionId: 'c',
  tenantId: 'northwind',
  waitsUnder: [],
  message: { body: '', headers: {}, receivedAt: '2026-12-01T00:00:00.000Z' },
});

const connection = (source: string, account: string): Connection => ({
  connection: `conn-${account}`,
  source,
  tenantId: 'northwind',
  account,
  allowedTypes: [],
  mapping: { version: 0 },
});

const said: SourceFact = {
  type: 'SubscriptionReinstated',
  data: { subscriptionId: 'sub_1' },
  occurredAt: '2026-11-01T00:00:00.000Z',
  sourceId: 'evt_1',
  subject: { secondary: { system: 'stripe', kind: 'subscription', id: 'sub_1' } },
};

const factBy = (source: string, account: string) => {
  const drafted = draftOf(said, receipt(account), connection(source, account));
  if (!drafted.ok) throw new Error(drafted.reason);
  const { factId, eventId, source: from } = drafted.draft.fact;
  return { factId, eventId, from };
};

describe('two connections of one system', () => {
  it('give one fact where its ids are unique over all accounts', () => {
    expect(factBy('stripe', 'acct_1')).toEqual(factBy('stripe', 'conn-2'));
    expect(factBy('stripe', 'acct_1').from).toBe('stripe');
  });

  it('give two facts where an id is unique inside its account only', () => {
    const [one, other] = [factBy('cloudevents', 'hub'), factBy('cloudevents', 'desk')];
    expect(one.factId).not.toBe(other.factId);
    expect([one.from, other.from]).toEqual(['cloudevents:hub', 'cloudevents:desk']);
  });
});
