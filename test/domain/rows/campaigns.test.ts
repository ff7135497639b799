// Does each campaign have a row, by its last standing launch?
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../domain/context/context.ts';
import { campaigns } from '../../../domain/rows/campaigns.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { recorded, type Said, tenantId } from '../../support/histories/events.ts';
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
