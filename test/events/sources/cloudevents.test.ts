// Does a CloudEvent become the right fact of our catalog, or a refusal that names what is wrong?
import { describe, expect, it } from 'vitest';
import { cloudevents } from '../../../events/sources/cloudevents.ts';
import { connectionTo, factsIn, messageOf, receivedAt } from './reading.ts';

const event = (given: { readonly [key: string]: unknown }) => ({
  specversion: '1.0',
  id: '1',
  source: '/orders',
  time: '2026-07-15T10:00:00+02:00',
  ...given,
});
const said = (body: unknown, mapping: { readonly [key: string]: unknown } = {}) =>
  cloudevents.translate(messageOf(body), connectionTo(cloudevents, mapping));
const first = (body: unknown, mapping: { readonly [key: string]: unknown } = {}) => factsIn(said(body, mapping))[0];

describe('facts of our catalog', () => {
  const logged = { workId: 'w1', category: 'presales', minutes: 30 };

  it('are taken as they are, and are about what the subject names', () => {
    const about = (subject: string) => first(event({ type: 'throughline.WorkLogged', subject, data: logged }));
    expect(about('engagement/ENG-1')).toEqual({
      type: 'WorkLogged',
      data: logged,
      occurredAt: '2026-07-15T08:00:00.000Z',
      sourceId: '/orders 1',
      subject: { secondary: { system: 'reference', kind: 'engagement', id: 'ENG-1' } },
    });
    expect(about('psa/ticket/a/b')?.subject).toEqual({ secondary: { system: 'psa', kind: 'ticket', id: 'a/b' } });
    expect(about('salesforce:00DHp00000TqkAB/Opportunity/006Hp00001XkQ2m')?.subject).toEqual({
      primary: { system: 'salesforce:00DHp00000TqkABMAZ', kind: 'Opportunity', id: '006Hp00001XkQ2mIAF' },
    });
  });

  it('may be named without the prefix, and occur at their receipt if they carry no time', () => {
    const fact = first(event({ type: 'WorkLogged', subject: 'engagement/E', data: logged, time: undefined }));
    expect(fact).toMatchObject({ type: 'WorkLogged', occurredAt: receivedAt });
    expect(first(event({ type: 'WorkLogged', subject: 'engagement/E', data: logged, time: 'soon' }))?.occurredAt).toBe(
      'soon',
    );
  });

  it('name their own subject if they are about an offer, a campaign, a party or a link', () => {
    const own = (type: string, data: unknown, subject?: string) => first(event({ type, data, subject }))?.subject;
    const party = { system: 'crm', kind: 'account', id: '7' };
    expect(own('OfferPublished', { offerId: 'o1' })).toEqual({ stream: 'northwind/offer/o1' });
    expect(own('CampaignLaunched', { campaignId: 'c1' })).toEqual({ stream: 'northwind/campaign/c1' });
    expect(own('PartyRegistered', { party })).toEqual({ party });
    expect(own('CustomerIdentified', { customer: party })).toEqual({ party });
    expect(own('CustomerIdentified', { customer: party }, 'engagement/E')).toHaveProperty('secondary');
    expect(own('HandoffOffered', {}, 'campaign/c1')).toEqual({ stream: 'northwind/campaign/c1' });
    expect(own('IdentityLinked', { external: party, to: {} })).toMatchObject({
      stream: expect.stringContaining('/identity/'),
    });
    expect(own('PolicyPublished', {})).toEqual({ stream: 'northwind/policy/policy' });
  });

  it('are not allowed by default if they belong to control or only a CRM may say them', () => {
    for (const type of [
      'IdentityLinked',
      'DealClosed',
      'EngagementOpened',
      'StageEntered',
      'PolicyPublished',
    ] as const) {
      expect(cloudevents.defaultTypes).not.toContain(type);
    }
    expect(cloudevents.defaultTypes).toContain('OrderPlaced');
    const own = first(event({ type: 'DealClosed', subject: 'engagement/E', data: { result: 'won' } }));
    expect(own?.derived).toBeUndefined();
  });

  it('sort by the sequence extension', () => {
    const fact = first(event({ type: 'WorkLogged', subject: 'engagement/E', data: logged, sequence: '0007' }));
    expect(fact?.sourceSeq).toBe('0007');
  });

  it('are refused without a subject, with a subject of unknown form, and with an e-mail address', () => {
    const refusal = (given: { readonly [key: string]: unknown }) =>
      said(event({ type: 'WorkLogged', data: logged, ...given }));
    const subjectMissing = { outcome: 'refused', reason: 'subjectMissing', issues: [{ path: 'subject' }] };
    expect(refusal({})).toMatchObject(subjectMissing);
    expect(refusal({ subject: 'ENG-1' })).toMatchObject(subjectMissing);
    expect(refusal({ subject: 'campaign/c1' })).toMatchObject(subjectMissing);
    expect(refusal({ subject: 'engagement/E', data: { ...logged, personRef: 'kari@halden.example' } })).toMatchObject({
      reason: 'addressInData',
      issues: [{ path: 'data.personRef' }],
    });
    expect(said(event({ type: 'throughline.WorkLoged', subject: 'engagement/E' }))).toMatchObject({
      reason: 'typeUnknown',
    });
    expect(refusal({ subject: `engagement/${'x'.repeat(600)}` })).toMatchObject({ reason: 'subjectIdUnusable' });
  });
});

describe('messages', () => {
  const good = event({ type: 'WorkLogged', subject: 'engagement/E', data: {} });

  it('may be batches: each event has its path, and one that is ignored is named by it', () => {
    const batch = said([good, event({ type: 'com.other' }), { ...good, id: '2' }]);
    expect(factsIn(batch).map(({ sourceId, part }) => [sourceId, part])).toEqual([
      ['/orders 1', '0'],
      ['/orders 2', '2'],
    ]);
    expect(batch).toMatchObject({ parts: [{ path: '1', outcome: 'ignored', reason: 'typeNotMapped: com.other' }] });
    expect(said([])).toEqual({ outcome: 'ignored', reason: 'emptyBatch' });
    expect(factsIn(said(good))[0]).not.toHaveProperty('part');
  });

  it.each([
    ['a malformed envelope', { specversion: '0.3' }, 'specversionUnknown', '1.specversion'],
    ['no JSON object', 7, 'notACloudEvent', '1'],
    ['an unknown type of ours', { type: 'throughline.Nothing' }, 'typeUnknown', '1.type'],
    [
      'an e-mail address',
      { type: 'throughline.OutcomeAgreed', data: { outcomeId: 'o', metric: 'ann@example.com' } },
      'addressInData',
      '1.data.metric',
    ],
    ['no subject', { subject: undefined }, 'subjectMissing', '1.subject'],
    ['an id that is too long', { subject: `engagement/${'x'.repeat(600)}` }, 'subjectIdUnusable', '1.id'],
  ])('lose only the event of a batch that has %s', (_, given, reason, path) => {
    const bad = typeof given === 'number' ? given : { ...good, id: 'bad', ...given };
    const batch = said([good, bad, { ...good, id: '2' }]);
    expect(factsIn(batch).map(({ sourceId }) => sourceId)).toEqual(['/orders 1', '/orders 2']);
    expect(batch).toMatchObject({ parts: [{ path: '1', outcome: 'refused', reason, issues: [{ path }] }] });
  });

  it.each([
    [{ source: undefined }, 'attributeMissing', 'source'],
    [{ source: 'a b' }, 'attributeMissing', 'source'],
    [{ id: '' }, 'attributeMissing', 'id'],
    [{ datacontenttype: 'application/xml' }, 'dataNotJson', 'datacontenttype'],
    [{ data_base64: 'AA==' }, 'dataNotJson', 'datacontenttype'],
  ])('are refused with %j', (given, reason, path) => {
    expect(said(event({ type: 'WorkLogged', ...given }))).toMatchObject({
      outcome: 'refused',
      reason,
      issues: [{ path }],
    });
  });

  it('are accepted from any sender that asks first', () => {
    expect(cloudevents.delivery.handshake?.({ 'webhook-request-origin': 'arrowline.example' })).toEqual({
      status: 200,
      headers: { allow: 'POST', 'webhook-allowed-origin': 'arrowline.example', 'webhook-allowed-rate': '*' },
    });
    expect(cloudevents.delivery.handshake?.({})?.headers).toEqual({ allow: 'POST' });
  });
});
