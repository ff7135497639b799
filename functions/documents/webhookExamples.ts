// How does a message of each source that sends over HTTP look?
import type { EventType } from '../../events/catalog.ts';
import { type Fixtures, versionedName } from './eventSchemas.ts';
import type { JsonObject } from './jsonSchema.ts';

const stripe = {
  id: 'evt_1SExample0001',
  object: 'event',
  api_version: '2026-06-24.dahlia',
  created: 1_782_864_000,
  livemode: true,
  type: 'customer.subscription.created',
  data: {
    object: {
      id: 'sub_1SExample0001',
      object: 'subscription',
      status: 'active',
      customer: 'cus_Example0001',
      currency: 'eur',
      start_date: 1_782_864_000,
      metadata: { engagement_id: 'ENG-2026-000417' },
      items: {
        object: 'list',
        has_more: false,
        data: [
          {
            id: 'si_Example0001',
            object: 'subscription_item',
            quantity: 120,
            current_period_start: 1_782_864_000,
            current_period_end: 1_814_400_000,
            price: {
              id: 'price_Example0001',
              object: 'price',
              currency: 'eur',
              billing_scheme: 'per_unit',
              unit_amount: 9_600,
              unit_amount_decimal: '9600',
              recurring: { interval: 'year', interval_count: 1, usage_type: 'licensed' },
            },
          },
        ],
      },
    },
  },
};

const cloudEventOf = (type: EventType, fixtures: Fixtures): JsonObject => {
  const { occurredAt, data } = { ...fixtures.get(versionedName(type)) };
  return {
    specversion: '1.0',
    id: `${type}-417`,
    source: 'https://tools.example.com',
    type: `throughline.${type}`,
    subject: 'engagement/ENG-2026-000417',
    time: occurredAt,
    data,
  };
};

/** An example of a source's message for each media type; none for a source of which none is known. */
export const webhookExamples = (source: string, fixtures: Fixtures): JsonObject => {
  if (source === 'stripe') return { 'application/json': stripe };
  if (source !== 'cloudevents') return {};
  const events = (['WorkLogged', 'MilestoneReached'] as const).map((type) => cloudEventOf(type, fixtures));
  return {
    'application/cloudevents+json': events[0],
    'application/cloudevents-batch+json': events,
    'application/json': events[0],
  };
};
