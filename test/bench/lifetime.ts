// Which facts does a bench make long streams of? One engagement's lifetime: it opens, is sold and delivered, then used, worked on and renewed.
import type { Fact } from '../../events/catalog.ts';
import { addDays, instantOf } from '../../events/instant.ts';
import { fact } from '../support/histories/events.ts';

const start = instantOf(Date.UTC(2025, 0, 6));
const org = (id: string) => ({ system: 'salesforce:00D000000000001AAA', kind: 'account', id });
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

/** What goes on while it runs: the first four are measured and worked alone, all eight are sold and handed over as well. */
export type Kinds = 4 | 8;

const running = (stream: string, index: number, { day, kinds }: { day: number; kinds: Kinds }): Fact => {
  const at = { at: addDays(start, day), stream, sourceId: `day ${index}` };
  switch (index % kinds) {
    case 0:
      return fact('WorkLogged', { workId: `w${index}`, category: 'managed', minutes: 90, billable: true }, at);
    case 1: {
      const window = { windowStart: addDays(start, day - 5), windowEnd: addDays(start, day) };
      const usage = { subscriptionId: 'sub_1', purchasedUnits: 50, activeUnits: 20 + (index % 25), metric: 'seats' };
      return fact('UsageMeasured', { ...usage, ...window }, at);
    }
    case 2:
      return fact('OutcomeMeasured', { outcomeId: 'o1', value: index, unit: 'hours' }, at);
    case 3:
      return fact('DealRevised', { salesStage: 'Expansion', value: { amount: `${index}00.00`, currency: 'EUR' } }, at);
    case 4: {
      const leg = { component: 'licence', seller: org('001000000000002AAA'), buyer: org('001000000000001AAA') };
      const legs = [{ ...leg, seq: 1, amount: eur(90_000 + index) }];
      return fact('OrderPlaced', { claimedBy: 'seller_of_record', orderId: `O${index}`, legs }, at);
    }
    case 5: {
      const complete = { toOwner: 'crm:user/42', contextRef: 'wiki:1', expectations: [{ textRef: 'wiki:2' }] };
      return fact(
        'HandoffOffered',
        { handoffId: `h${index}`, fromStage: 'deliver', toStage: 'report', ...complete },
        at,
      );
    }
    case 6: {
      const term = { termStart: at.at, termEnd: addDays(at.at, 365) };
      const price = { price: eur(12_000), billingPeriod: 'P1M', quantity: 5 } as const;
      return fact('SubscriptionStarted', { subscriptionId: `sub_${index}`, ...price, ...term }, at);
    }
    default:
      return fact('ValueReported', { reportId: `r${index}`, sections: ['business_impact'], outcomeIds: ['o1'] }, at);
  }
};

/** So many facts, over a year and a half. */
export const lifetime = (stream: string, count: number, kinds: Kinds = 4): readonly Fact[] => {
  const at = (days: number) => ({ at: addDays(start, days), stream, sourceId: `day ${days}` });
  const value = { amount: '120000.00', currency: 'EUR' };
  const begins = [
    fact(
      'EngagementOpened',
      { customer: org('001000000000001AAA'), country: 'NO', offerId: 'backup', offerVersion: 1 },
      at(0),
    ),
    fact('OutcomeAgreed', { outcomeId: 'o1', metric: 'restore time', unit: 'hours', target: 4 }, at(5)),
    fact('DealClosed', { result: 'won', value }, at(20)),
    fact('DeliveryStarted', { templateRef: 'backup-v1', plannedMinutes: 4800 }, at(30)),
  ];
  const further = count - begins.length;
  const step = 480 / further;
  return [
    ...begins,
    ...Array.from({ length: further }, (_, index) => running(stream, index, { day: 40 + index * step, kinds })),
  ];
};
