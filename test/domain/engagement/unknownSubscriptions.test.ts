// Is every fact of a subscription that nobody started a deviation, whatever its type?
import { expect, it } from 'vitest';
import { deviationsOf } from '../../../domain/engagement/deviations.ts';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { contextOf } from '../../support/contexts.ts';
import { instant, recorded } from '../../support/histories/events.ts';
import { org } from '../../support/tabled.ts';

const value = { amount: '100', currency: 'EUR' };
/** The deviations of a deal that was won, with what it was worth. */
const deviations = (...events: readonly RecordedEvent[]) =>
  deviationsOf(
    foldEngagement(
      [recorded('DealClosed', { result: 'won', value }, { at: '2026-01-01' }), ...events].sort(inFoldOrder),
    ),
    contextOf(),
  );
const shows = (kind: string, about: string, ...events: readonly RecordedEvent[]) => ({
  kind,
  about,
  eventIds: events.map(({ eventId }) => eventId),
});
const started = (subscriptionId: string) =>
  recorded('SubscriptionStarted', { subscriptionId, termStart: instant('2026-01-01') }, { at: '2026-01-01' });
const money = { amountMinor: 100, currency: 'EUR' };
const about = (subscriptionId: string): readonly RecordedEvent[] => [
  recorded(
    'UsageMeasured',
    {
      subscriptionId,
      windowStart: instant('2026-01-01'),
      windowEnd: instant('2026-02-01'),
      activeUnits: 3,
      metric: 'users',
    },
    { at: '2026-02-01' },
  ),
  recorded('SubscriptionChanged', { subscriptionId, quantity: 2 }, { at: '2026-02-02' }),
  recorded('SubscriptionEnded', { subscriptionId }, { at: '2026-03-02' }),
  recorded('SubscriptionSuspended', { subscriptionId }, { at: '2026-02-02' }),
  recorded('SubscriptionReinstated', { subscriptionId }, { at: '2026-02-02' }),
  recorded('CancellationAnnounced', { subscriptionId }, { at: '2026-02-02' }),
  recorded('PaymentFailed', { subscriptionId, invoiceId: 'i', amount: money }, { at: '2026-02-03' }),
  recorded(
    'LedgerEntryRecorded',
    { subscriptionId, entryId: 'e', direction: 'revenue', kind: 'charge', party: org('C'), amount: money },
    { at: '2026-02-04' },
  ),
];

it.each(about('s').map((event) => [event.type, event] as const))('a %s of an unknown subscription', (_, event) => {
  expect(deviations(event)).toEqual([shows('subscriptionUnknown', 's', event)]);
  expect(deviations(event, started('t'))).toEqual([shows('subscriptionUnknown', 's', event)]);
  expect(deviations(event, started('s'))).toEqual([]);
  const renewed = { subscriptionId: 's', termStart: instant('2026-01-01') };
  expect(deviations(event, recorded('SubscriptionRenewed', renewed, { at: '2026-01-01' }))).toEqual([]);
});

it('several facts of one unknown subscription are one breach', () => {
  const [usage, change, end] = about('s');
  const others = about('t').slice(0, 1);
  if (usage === undefined || change === undefined || end === undefined) throw new Error('three facts');
  expect(deviations(end, ...others, change, usage)).toEqual([
    shows('subscriptionUnknown', 's', usage, change, end),
    shows('subscriptionUnknown', 't', ...others),
  ]);
});

it('a fact of the engagement that names no subscription is no breach', () => {
  expect(deviations(recorded('PaymentFailed', { invoiceId: 'i', amount: money }, { at: '2026-02-03' }))).toEqual([]);
});
