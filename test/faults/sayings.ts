// What do systems say in the stories that are played while functions are killed? Facts of one deal, as messages.
import type { Saying, Stage } from './world.ts';

export const deal = 'crm/opportunity/deal-1';
export const day = 24 * 60;
export const party = (id: string) => ({ system: 'crm', kind: 'account', id });
export const euros = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

export const opened = (at: number, data: Saying['data'] = {}): Saying => ({
  ...{ type: 'EngagementOpened', at, subject: deal },
  data: { segment: 'retail', ...data },
});
export const won = (at: number): Saying => ({
  ...{ type: 'DealClosed', at, subject: deal },
  data: { result: 'won', value: { amount: '1200.00', currency: 'EUR' } },
});
export const about = (type: string, at: number, data: Saying['data']): Saying => ({ type, at, subject: deal, data });

const legs = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...{ seq: index + 1, component: `licence-${index}`, amount: euros(100) },
    ...{ seller: party('vendor'), buyer: party('customer') },
  }));
export const order = (count: number) => ({ claimedBy: 'distributor', orderId: 'po-1', legs: legs(count) });

export const opportunity = (stage: Stage, fields: Readonly<Record<string, unknown>>) => ({
  payload: {
    ChangeEventHeader: {
      ...{ entityName: 'Opportunity', recordIds: ['006Hp00000X0001AAA'], changeType: 'CREATE', changedFields: [] },
      ...{ changeOrigin: '', transactionKey: 'transaction-1', sequenceNumber: 1, commitNumber: 1, nulledFields: [] },
      ...{ commitTimestamp: Date.parse(stage.at(-60)), commitUser: '005Hp00000FgR7tIAF', diffFields: [] },
    },
    ...{ LastModifiedDate: stage.at(-60), CreatedDate: stage.at(-60), IsClosed: false, IsWon: false },
    ...fields,
  },
});

/** The policy of a tenant that kept its history well: what was not said did not happen. */
export const observing = (at: Stage['at']) => {
  const begun = at(-500 * day);
  return {
    type: 'PolicyPublished',
    data: { policyVersion: 1, effectiveFrom: begun, observedFrom: { '*': begun } },
  };
};
