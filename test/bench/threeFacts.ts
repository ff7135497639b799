// What do the engagements of an import say of themselves? Three facts each, as CloudEvents of a CRM in batches.
import type { Sending } from './sending.ts';

type Said = readonly [type: string, day: number, data: Readonly<Record<string, unknown>>];

/** Opened, won and subscribed; nobody hands it over, so that each has an open flag, and each adds to the tenant's recurring revenue. */
const facts: readonly Said[] = [
  ['EngagementOpened', 0, { segment: 'retail', country: 'NO' }],
  ['DealClosed', 20, { result: 'won', value: { amount: '12000.00', currency: 'EUR' } }],
  [
    'SubscriptionStarted',
    25,
    {
      subscriptionId: 's',
      kind: 'base_licence',
      quantity: 20,
      price: { amountMinor: 1200000, currency: 'EUR' },
      billingPeriod: 'P1Y',
      termStart: '2026-01-26T00:00:00.000Z',
      termEnd: '2027-01-26T00:00:00.000Z',
    },
  ],
];

export const factsEach = facts.length;
const start = Date.parse('2026-01-01T09:00:00Z');

const eventsOf = (engagement: number): readonly object[] =>
  facts.map(([type, day, data], step) => ({
    specversion: '1.0',
    id: `${engagement}-${step}`,
    source: 'https://bench.example',
    type: `throughline.${type}`,
    subject: `crm/opportunity/${engagement}`,
    time: new Date(start + day * 86_400_000).toISOString(),
    datacontenttype: 'application/json',
    data,
  }));

/** The batch of so many engagements, from the one with this number on. */
export const batchOf = (from: number, engagements: number): string =>
  JSON.stringify(Array.from({ length: engagements }, (_, index) => eventsOf(from + index)).flat());

/** All facts of so many engagements, in batches. */
export const batchesOf = (engagements: number, inEach: number): Sending['bodies'] =>
  Array.from({ length: Math.ceil(engagements / inEach) }, (_, batch) => ({
    id: `batch-${batch}`,
    text: batchOf(batch * inEach, Math.min(inEach, engagements - batch * inEach)),
  }));
