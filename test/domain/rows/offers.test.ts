// Does each version of an offer have a row, and which version is the newest?
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../domain/context/context.ts';
import { offers } from '../../../domain/rows/offers.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { recorded, type Said, tenantId } from '../../support/histories/events.ts';
import { org, partyId } from '../../support/tabled.ts';

const offerRows = (events: readonly RecordedEvent[], links: Context['links'] = new Map()) =>
  offers.rows({ events, links });

const stream = streamIdOf(tenantId, 'offer', 'offer');
const version = (number: number, at: string, said: Partial<Said<'OfferPublished'>> = {}) =>
  recorded(
    'OfferPublished',
    {
      offerId: 'offer',
      version: number,
      ownerPartner: org('p'),
      components: [{ componentId: 'a', kind: 'base_licence', listPrice: { amountMinor: 5, currency: 'EUR' } }],
      ...said,
    },
    { at, stream },
  );

describe('an offer', () => {
  it('has a row for each version, with its owner as lead partner', () => {
    const rows = offerRows([
      version(2, '2026-02-01', { templateRef: 'template:1', routes: ['direct'] }),
      version(1, '2026-01-01'),
    ]);
    expect(rows.map(({ rowKey }) => rowKey)).toEqual(['offer#0001', 'offer#0002']);
    expect(rows.map(({ columns }) => [columns.version, columns.newest, columns.repeatable])).toEqual([
      [1, false, false],
      [2, true, true],
    ]);
    expect(rows[1]?.columns).toMatchObject({
      leadPartnerId: partyId('p'),
      publishedAt: '2026-02-01T00:00:00.000Z',
      routes: ['direct'],
      components: [{ componentId: 'a', listPriceMinor: 5, costMinor: null, currency: 'EUR', providerId: null }],
    });
    for (const { columns } of rows) expect(offers.columns.parse(columns)).toEqual(columns);
  });

  it('has one row for a version that is published twice, by the last publication', () => {
    const rows = offerRows([version(1, '2026-01-02', { capabilities: ['backup'] }), version(1, '2026-01-01')]);
    expect(rows).toMatchObject([{ columns: { version: 1, capabilities: ['backup'] } }]);
  });

  it('that a partner publishes is published when that was recorded, as engagements are judged by it', () => {
    const { data } = version(1, '2026-01-01');
    const partner = { role: 'partner', partyId: partyId('p') } as const;
    const back = recorded('OfferPublished', data, {
      at: '2026-01-01',
      recordedAt: '2026-03-01',
      stream,
      saidBy: partner,
    });
    expect(offerRows([back])).toMatchObject([{ columns: { publishedAt: '2026-03-01T00:00:00.000Z' } }]);
  });

  it('has the party that its owner is linked to as lead partner', () => {
    const links = new Map([['crm|account|p', 'partner-1']]);
    expect(offerRows([version(1, '2026-01-01')], links)[0]?.columns.leadPartnerId).toBe('partner-1');
  });

  it('has no rows if it was never published', () => {
    expect(offerRows([])).toEqual([]);
  });
});
