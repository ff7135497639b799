// What does a bench's engagement say of itself? Twenty facts from its opening to its reports, as messages of a CRM that speaks CloudEvents.
import type { Sending } from './sending.ts';

type Said = readonly [type: string, day: number, data: Readonly<Record<string, unknown>>];

/** Twenty facts of one engagement, from its opening to its reports. */
export const story: readonly Said[] = [
  ['EngagementOpened', 0, { segment: 'retail', country: 'NO' }],
  ['OutcomeAgreed', 5, { outcomeId: 'o1', metric: 'mttr', unit: 'minutes', target: 40 }],
  ['RouteAgreed', 6, { route: 'direct' }],
  ['SolutionProposed', 8, { outcomeIds: ['o1'] }],
  ['DealClosed', 20, { result: 'won', value: { amount: '12000.00', currency: 'EUR' } }],
  [
    'HandoffOffered',
    21,
    {
      handoffId: 'h1',
      fromStage: 'sell',
      toStage: 'deliver',
      toOwner: 'crm:7',
      expectations: [{ textRef: 'wiki:1' }],
      contextRef: 'wiki:2',
    },
  ],
  ['HandoffAccepted', 22, { handoffId: 'h1', fromStage: 'sell', toStage: 'deliver' }],
  [
    'OrderPlaced',
    23,
    { claimedBy: 'seller_of_record', orderId: 'order', total: { amount: '12000.00', currency: 'EUR' } },
  ],
  ['OrderFulfilled', 25, { orderId: 'order' }],
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
  ['DeliveryStarted', 26, { templateRef: 'standard', plannedMinutes: 900 }],
  ['WorkLogged', 28, { workId: 'w1', category: 'implementation', minutes: 300 }],
  ['WorkLogged', 30, { workId: 'w2', category: 'implementation', minutes: 240 }],
  ['WorkLogged', 32, { workId: 'w3', category: 'implementation', minutes: 200 }],
  ['MilestoneReached', 40, { milestone: 'go_live' }],
  [
    'UsageMeasured',
    45,
    {
      subscriptionId: 's',
      windowStart: '2026-02-01T00:00:00.000Z',
      windowEnd: '2026-02-14T00:00:00.000Z',
      activeUnits: 12,
      metric: 'users',
    },
  ],
  [
    'UsageMeasured',
    60,
    {
      subscriptionId: 's',
      windowStart: '2026-02-14T00:00:00.000Z',
      windowEnd: '2026-02-28T00:00:00.000Z',
      activeUnits: 15,
      metric: 'users',
    },
  ],
  [
    'HandoffOffered',
    44,
    {
      handoffId: 'h2',
      fromStage: 'deliver',
      toStage: 'report',
      toOwner: 'crm:8',
      expectations: [{ textRef: 'wiki:3' }],
      contextRef: 'wiki:4',
    },
  ],
  ['HandoffAccepted', 45, { handoffId: 'h2', fromStage: 'deliver', toStage: 'report' }],
  ['ValueReported', 70, { reportId: 'r1', sections: ['adoption', 'business_impact'] }],
];
const start = Date.parse('2026-01-01T09:00:00Z');

/** A wave's messages, its engagements advancing side by side. */
export const bodiesOf = (wave: number, engagements: number): Sending['bodies'] =>
  story.flatMap(([type, day, data], step) =>
    Array.from({ length: engagements }, (_, index) => {
      const id = `${wave}-${index}-${step}`;
      const event = {
        specversion: '1.0',
        id,
        source: 'https://bench.example',
        type: `throughline.${type}`,
        subject: `crm/opportunity/${wave}-${index}`,
        time: new Date(start + day * 86_400_000).toISOString(),
        datacontenttype: 'application/json',
        data,
      };
      return { id, text: JSON.stringify(event) };
    }),
  );
