// Who led, as far as it decides who saw commercial fields: by the vendor's word, and by a partner's only where there is no other?
import { expect, it } from 'vitest';
import { leadAt, vouchedLeadsOf } from '../../../domain/engagement/engagement.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { instant, recorded } from '../../support/histories/events.ts';

const org = (id: string) => ({ system: 'crm', kind: 'account', id });
const partner = { saidBy: { role: 'partner', partyId: 'p1' } } as const;
const opened = (at: string, lead: string, more: object = {}) =>
  recorded('EngagementOpened', { leadPartner: org(lead) }, { at, ...more });
const assigned = (at: string, lead: string, more: object = {}) =>
  recorded('PartnerAssigned', { partner: org(lead), by: 'connection' }, { at, ...more });
const leads = (...events: readonly RecordedEvent[]) => {
  const vouched = vouchedLeadsOf({ events: [...events].sort(inFoldOrder) });
  return (at: string) => leadAt({ leads: vouched }, instant(at))?.id;
};

it('follows who was assigned after the opening', () => {
  const led = leads(opened('2026-01-01', 'A'), assigned('2026-02-01', 'B'), assigned('2026-03-01', 'C'));
  expect(['2025-12-31', '2026-01-31', '2026-02-01', '2026-03-02'].map(led)).toEqual([undefined, 'A', 'B', 'C']);
});

it('takes no partner’s word where somebody else says who leads', () => {
  const early = opened('2025-01-01', 'P', partner);
  const led = leads(early, assigned('2026-02-01', 'B'), assigned('2026-03-01', 'P', partner));
  expect(['2025-06-01', '2026-02-01', '2026-04-01'].map(led)).toEqual([undefined, 'B', 'B']);
});

it('takes a partner’s word where nobody else says who leads', () => {
  const led = leads(
    opened('2026-01-01', 'P', partner),
    recorded('DealRevised', { salesStage: 'x' }, { at: '2026-01-02' }),
  );
  expect(['2025-12-31', '2026-01-01'].map(led)).toEqual([undefined, 'P']);
});
