// Is a claim that is no time kept as Unicode, also where it is cut inside an emoji?
import { expect, it } from 'vitest';
import type { Connection } from '../../../events/sources/source.ts';
import { readReceipt } from '../../../functions/intake/readReceipt.ts';
import type { Receipt } from '../../../functions/receipts/receipt.ts';
import { change, firstDeal } from '../../support/intake/intakeMessages.ts';
import { org } from '../../support/intake/intakeRequests.ts';

const claim = `${'x'.repeat(63)}😀`;
const cut = `${'x'.repeat(63)}\ufffd`;

const deal = change(firstDeal, { StageName: 'Prospecting' }, { changeType: 'CREATE', commitTimestamp: claim });
const event = JSON.stringify({
  ...{ specversion: '1.0', id: '1', source: '/hub', time: claim },
  ...{ type: 'throughline.OutcomeAgreed', subject: 'engagement/ENG-1', data: { outcomeId: 'o' } },
});

it.each([
  ['salesforce', org, deal],
  ['cloudevents', 'hub', event],
])('%s', (source, account, body) => {
  const connection: Connection = {
    ...{ connection: 'c-1', source, tenantId: 'northwind', account },
    ...{ allowedTypes: ['EngagementOpened', 'OutcomeAgreed'], mapping: { version: 0 } },
  };
  const receipt: Receipt = {
    ...{ partition: 'p', id: 'r-1', status: 'pending', source, connectionId: 'c-1', tenantId: 'northwind' },
    waitsUnder: [],
    message: { body: body, headers: {}, receivedAt: '2026-12-01T00:00:00.000Z' },
  };
  const read = readReceipt(receipt, connection);
  const claims = read.outcome === 'facts' ? read.drafts.map(({ fact }) => fact.claimedAt) : [];
  expect(new Set(claims)).toEqual(new Set([cut]));
});
