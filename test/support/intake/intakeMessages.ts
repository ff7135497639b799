// What do outside systems say in the tests of translate? Two opportunities that share a reference, a subscription, an outcome.
import type { Fact } from '../../../events/catalog.ts';
import { derivedEngagementOf } from '../../../events/identifiers.ts';
import { addMilliseconds } from '../../../events/instant.ts';
import { relayed } from '../../events/sources/reading.ts';
import type { Intake } from './intake.ts';
import { cloudEventsRequest, org, stripeRequest, tenant } from './intakeRequests.ts';

export const firstDeal = '006Hp00001XkQ2mIAF';
export const renewalDeal = '006Hp00001XkQ2nIAF';
export const opportunity = (id: string) => ({ system: `salesforce:${org}`, kind: 'Opportunity', id });
export const engagementOf = (id: string) => derivedEngagementOf(tenant, opportunity(id));
export const reference = 'ENG-1';

let transactions = 0;
export const change = (
  id: string,
  fields: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): string => {
  transactions += 1;
  const said = relayed({ recordIds: [id], transactionKey: `tx-${transactions}`, ...header }, fields);
  return JSON.stringify(said);
};
export const opened = (id: string, fields: Readonly<Record<string, unknown>> = {}): string =>
  change(id, { StageName: 'Prospecting', ...fields }, { changeType: 'CREATE' });

export const subscription = (metadata: Readonly<Record<string, string>>, id = 'evt_1', type = 'created'): string =>
  JSON.stringify({
    id,
    type: `customer.subscription.${type}`,
    created: 1781341201,
    data: {
      object: {
        id: 'sub_1',
        status: 'active',
        customer: 'cus_1',
        currency: 'eur',
        start_date: 1781341200,
        ended_at: 1781341202,
        metadata,
        items: {
          data: [
            {
              quantity: 2,
              current_period_start: 1781341200,
              current_period_end: 1812877200,
              price: {
                product: 'prod_1',
                unit_amount: 1000,
                currency: 'eur',
                recurring: { interval: 'year', interval_count: 1 },
              },
            },
          ],
        },
      },
    },
  });

export const outcome = (id: string, about: string) => ({
  id,
  type: 'throughline.OutcomeAgreed',
  subject: about,
  time: '2026-06-21T09:00:00Z',
  data: { outcomeId: id, statementRef: 'crm:1' },
});

export const summary = (facts: readonly Fact[]) =>
  [...new Set(facts.map(({ type, streamId }) => `${type} ${streamId}`))].sort();

/** The senders of an intake; what comes later is received later. */
export const sendersTo = (intake: Intake) => {
  const tick = (): string => {
    intake.setTime(addMilliseconds(intake.now(), 1));
    return intake.now();
  };
  const fromOrg = (...bodies: readonly string[]) => {
    tick();
    return intake.receive(intake.queued(bodies));
  };
  const fromStripe = (body: string) => intake.receive(stripeRequest(body, tick()));
  const fromSender = (event: Readonly<Record<string, unknown>>) =>
    intake.receive(
      cloudEventsRequest(JSON.stringify({ specversion: '1.0', source: '/psa', id: 'e-1', ...event }), tick()),
    );
  const statuses = async () => (await intake.receiptRows()).map(({ status, reason = '' }) => [status, reason]);
  return { fromOrg, fromStripe, fromSender, statuses };
};
export type Senders = ReturnType<typeof sendersTo>;
