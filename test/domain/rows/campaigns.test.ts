// Does each campaign have a row, by its last standing launch?
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../domain/context/context.ts';
import { campaigns } from '../../../domain/rows/campaigns.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { instant, recorded, type Said, tenantId } from '../../support/histories/events.ts';
import { org, partyId } from '../../support/tabled.ts';

const campaignRows = (events: readonly RecordedEvent[], links: Context['links'] = new Map()) =>
  campaigns.rows({ events, links });

const stream = streamIdOf(tenantId, 'campaign', 'spring');
const launch = (at: string, said: Partial<Said<'CampaignLaunched'>> = {}) =>
  recorded(
    'CampaignLaunched',
    { campaignId: 'spring', kind: 'sales_play', partners: [org('p')], ...said },
    { at, stream },
  );
const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

describe('a campaign', () => {
  it('has a row by its last launch', () => {
    const last = launch('2026-02-01', {
      offerIds: ['offer'],
      budget: eur(100),
      vendorFunded: eur(40),
      assets: [
        { kind: 'roi_tool', ref: 'a' },
        { kind: 'play', ref: 'b' },
        { kind: 'play', ref: 'c' },
      ],
      start: '2026-02-01',
    });
    const [row, ...others] = campaignRows([last, launch('2026-01-01')]);
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      rowKey: 'spring',
      columns: {
        leadPartnerId: partyId('p'),
        partnerIds: [partyId('p')],
        budgetMinor: 100,
        vendorFundedMinor: 40,
        currency: 'EUR',
        assets: ['play', 'roi_tool'],
        start: '2026-02-01',
        end: null,
        lastEventId: last.eventId,
      },
    });
    expect(campaigns.columns.parse(row?.columns)).toEqual(row?.columns);
  });

  it('counts whom it enabled, and says when it was closed, unless it was launched again', () => {
    const enabled = (partner: string, subject: string) =>
      recorded(
        'EnablementCompleted',
        { campaignId: 'spring', partner: org(partner), subject },
        { at: '2026-03-01', stream },
      );
    const closed = recorded(
      'CampaignClosed',
      { campaignId: 'spring', reason: 'code:over' },
      { at: '2026-05-01', stream },
    );
    const said = [enabled('p', 'selling'), enabled('p', 'pricing'), enabled('q', 'selling')];
    expect(campaignRows([launch('2026-01-01'), ...said, closed])[0]?.columns).toMatchObject({
      ...{ enablements: 3, enabledPartnerIds: [partyId('p'), partyId('q')].sort(), enabledIn: ['pricing', 'selling'] },
      ...{ closedAt: closed.occurredAt, closeReason: 'code:over', lastEventId: closed.eventId },
    });
    const again = campaignRows([launch('2026-01-01'), closed, launch('2026-06-01')])[0]?.columns;
    expect(again).toMatchObject({ closedAt: null, closeReason: null, enablements: 0 });
  });

  it('has no lead partner if it has several partners, or none', () => {
    expect(
      campaignRows([launch('2026-01-01', { partners: [org('p'), org('q')] })])[0]?.columns.leadPartnerId,
    ).toBeNull();
    expect(campaignRows([launch('2026-01-01', { partners: [] })])[0]?.columns.leadPartnerId).toBeNull();
  });

  it('has no row if it was never launched', () => {
    expect(campaignRows([])).toEqual([]);
  });
});

describe('the handoffs of a campaign', () => {
  const pair = { handoffId: 'h', fromStage: 'create', toStage: 'mobilize' } as const;
  const offered = (at: string, said: Partial<Said<'HandoffOffered'>> = {}) =>
    recorded('HandoffOffered', { ...pair, expectations: [], openRisks: [], ...said }, { at, stream });
  const rejected = (at: string) => recorded('HandoffRejected', { ...pair, missing: [] }, { at, stream });
  const accepted = (at: string) => recorded('HandoffAccepted', pair, { at, stream });
  const handoffsOf = (...events: readonly RecordedEvent[]) => {
    const [row] = campaignRows([launch('2026-01-01'), ...events]);
    expect(campaigns.columns.parse(row?.columns)).toEqual(row?.columns);
    return row?.columns.handoffs;
  };

  it('are none where nobody offered any', () => {
    expect(handoffsOf()).toEqual([]);
  });

  it('stand in its row, as they were last offered and answered', () => {
    const again = offered('2026-01-08', { toOwner: 'person:m', contextRef: 'doc:c' });
    expect(handoffsOf(accepted('2026-01-09'), again, rejected('2026-01-06'), offered('2026-01-05'))).toEqual([
      {
        ...pair,
        offerEvent: again.eventId,
        ...{ offeredAt: instant('2026-01-05'), answeredAt: instant('2026-01-09'), acceptedAt: instant('2026-01-09') },
        ...{ result: 'accepted', completeness: 2 / 3, missing: ['expectations'], expectations: 0, firstDue: null },
        ...{ acceptBy: null, rejections: 1, self: false },
      },
    ]);
  });

  it('wait for an answer until one comes, and a retracted offer is none', () => {
    const offer = offered('2026-01-05');
    expect(handoffsOf(offer)).toMatchObject([{ result: 'offered', answeredAt: null, completeness: 0 }]);
    const retracted = recorded(
      'FactRetracted',
      { eventId: offer.eventId, reason: 'code:wrong' },
      { at: '2026-01-06', stream },
    );
    expect(handoffsOf(offer, retracted)).toEqual([]);
  });

  it('are the last event of the row', () => {
    const offer = offered('2026-01-05');
    expect(campaignRows([offer, launch('2026-01-01')])[0]?.columns.lastEventId).toBe(offer.eventId);
  });
});
