// Is a CloudEvent verified, told apart and understood: as a fact of our catalog, or as the connection's mapping says?
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { addMilliseconds, instantOf } from '../../events/instant.ts';
import { cloudevents } from '../../events/sources/cloudevents.ts';
import { arrowline } from './arrowline.ts';
import { connectionTo, dataOf, factsIn, messageOf, receivedAt, samplesAreHere, sampleText } from './reading.ts';

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

describe('signatures', () => {
  const secrets = [0, 1].map((byte) => cloudevents.secretOf?.(new Uint8Array(32).fill(byte)) ?? '');
  const body = '{"type":"x"}';
  const now = '2026-07-15T08:00:00.000Z';
  const signed = (secret: string, at: string, text = body) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Date.parse(at) / 1000),
    'webhook-signature': new Webhook(secret).sign('msg_1', new Date(at), text),
  });
  const verify = (headers: Record<string, string>, known = secrets) =>
    cloudevents.verify?.({ message: messageOf(body, headers), secrets: known, now });
  const refusal = (reason: string) => ({ ok: false, reason: expect.stringContaining(`${reason}:`) });

  it('hold under either of two secrets, within 300 s of the given clock', () => {
    for (const secret of secrets) expect(verify(signed(secret, now))).toEqual({ ok: true });
    for (const [seconds, ok] of [
      [-300, true],
      [300, true],
      [-301, false],
      [301, false],
    ] as const) {
      const answer = verify(signed(secrets[0] ?? '', addMilliseconds(now, seconds * 1000)));
      expect(answer).toEqual(ok ? { ok: true } : refusal('signatureOutOfTime'));
    }
  });

  it('never hold over other text, another id, another scheme or an unusable secret', () => {
    const good = signed(secrets[0] ?? '', now);
    expect(verify(signed(secrets[0] ?? '', now, '{}'))).toEqual(refusal('signatureWrong'));
    expect(verify({ ...good, 'webhook-id': 'msg_2' })).toEqual(refusal('signatureWrong'));
    expect(verify({ ...good, 'webhook-signature': good['webhook-signature'].replace('v1,', 'v1a,') })).toEqual(
      refusal('signatureMalformed'),
    );
    expect(verify({ ...good, 'webhook-timestamp': 'now' })).toEqual(refusal('signatureMalformed'));
    expect(verify({})).toEqual(refusal('signatureMissing'));
    expect(verify(good, ['whsec_***'])).toEqual(refusal('secretUnusable'));
    expect(verify(good, ['whsec_***', ...secrets])).toEqual({ ok: true });
  });

  it.skipIf(!samplesAreHere)('agree with the vectors', () => {
    const Vectors = z.looseObject({
      secret: z.string(),
      nowEpochSeconds: z.int(),
      rawBody: z.string(),
      headersBase: z.record(z.string(), z.string()),
      cases: z.array(
        z.object({
          name: z.string(),
          timestamp: z.string(),
          signature: z.string(),
          valid: z.union([z.boolean(), z.string()]),
        }),
      ),
    });
    const vectors = Vectors.parse(JSON.parse(sampleText('generic/_signature-vectors.standard-webhooks.json')));
    for (const { name, timestamp, signature, valid } of vectors.cases) {
      const headers = { ...vectors.headersBase, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
      const message = messageOf(vectors.rawBody, headers);
      const answer = cloudevents.verify?.({
        message,
        secrets: [vectors.secret],
        now: instantOf(vectors.nowEpochSeconds * 1000),
      });
      // v1a is not taken: the vectors call it valid "only where v1a is supported".
      expect([name, answer?.ok]).toEqual([name, valid === true]);
    }
  });
});

describe('facts of our catalog', () => {
  const logged = { workId: 'w1', category: 'presales', minutes: 30 };

  it('are taken as they are, about what the subject names', () => {
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

  it('may be named without the prefix, and happen when they are received where they tell no time', () => {
    const fact = first(event({ type: 'WorkLogged', subject: 'engagement/E', data: logged, time: undefined }));
    expect(fact).toMatchObject({ type: 'WorkLogged', occurredAt: receivedAt });
    expect(first(event({ type: 'WorkLogged', subject: 'engagement/E', data: logged, time: 'soon' }))?.occurredAt).toBe(
      'soon',
    );
  });

  it('carry their own subject where they are about an offer, a campaign, a party or a link', () => {
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

  it('of control, and what only a CRM says, are not in the default list', () => {
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

  it('are refused without a subject, with one of no form, and with an address in them', () => {
    const refusal = (given: { readonly [key: string]: unknown }) =>
      said(event({ type: 'WorkLogged', data: logged, ...given }));
    const subjectMissing = { outcome: 'refused', reason: 'subjectMissing', issues: [{ path: 'subject' }] };
    expect(refusal({})).toMatchObject(subjectMissing);
    expect(refusal({ subject: 'ENG-1' })).toMatchObject(subjectMissing);
    expect(refusal({ subject: 'campaign/c1' })).toMatchObject(subjectMissing);
    expect(refusal({ subject: 'engagement/E', data: { ...logged, personRef: 'kari@halden.example' } })).toMatchObject({
      reason: 'addressInData',
      issues: [{ path: 'data' }],
    });
    expect(said(event({ type: 'throughline.WorkLoged', subject: 'engagement/E' }))).toMatchObject({
      reason: 'typeUnknown',
    });
    expect(refusal({ subject: `engagement/${'x'.repeat(600)}` })).toMatchObject({ reason: 'subjectIdUnusable' });
  });
});

describe('mapped types', () => {
  const order = {
    purchaseOrder: 'PO-1',
    endCustomer: 'halden',
    total: 96000.0,
    currency: 'EUR',
    engagementId: 'ENG-1',
    by: 'kari@halden.example',
  };
  const booked = event({ type: 'com.arrowline.order.booked.v1', data: order });
  const rule = (given: { readonly [key: string]: unknown }) => ({
    rules: [{ type: 'x', as: 'WorkLogged', subject: { reference: 'subject' }, fields: {}, ...given }],
  });
  const mapped = (field: unknown, data: unknown) => {
    const fact = first(event({ type: 'x', subject: 'S', data }), rule({ fields: { field } }));
    return fact?.data;
  };
  const problem = (field: unknown, data: unknown) =>
    said(event({ type: 'x', subject: 'S', data }), rule({ fields: { field } }));

  it('become facts of our catalog, and link the ids that they name', () => {
    const [placed, link] = factsIn(said(booked, arrowline));
    expect(dataOf(placed)).toMatchObject({
      claimedBy: 'distributor',
      orderId: 'PO-1',
      customer: { system: 'reference', kind: 'customer', id: 'halden' },
      total: { amount: '96000', currency: 'EUR' },
      route: 'two_tier',
    });
    expect(link).toMatchObject({
      type: 'IdentityLinked',
      derived: true,
      data: {
        external: { system: 'cloudevents:acct_1', kind: 'order', id: 'PO-1' },
        to: { external: { system: 'reference', kind: 'engagement', id: 'ENG-1' } },
      },
    });
  });

  it('are ignored where no rule names them', () => {
    expect(said(event({ type: 'com.other' }))).toEqual({ outcome: 'ignored', reason: 'typeNotMapped: com.other' });
    const elsewhere = { rules: [{ ...arrowline.rules[0], source: '/elsewhere' }] };
    expect(said(booked, elsewhere)).toMatchObject({ outcome: 'ignored' });
  });

  it('name the path that is missing and the field that needs it', () => {
    const { purchaseOrder: _none, ...rest } = order;
    expect(said(event({ type: 'com.arrowline.order.booked.v1', data: rest }), arrowline)).toMatchObject({
      outcome: 'refused',
      reason: 'mappingUnmet',
      issues: [{ path: 'data.purchaseOrder', message: 'nothing stands here; the mapping needs it for orderId' }],
    });
  });

  it.each([
    ['data.a', { a: 1.5 }, 1.5],
    [{ path: 'data.a', as: 'text' }, { a: 1 }, '1'],
    [{ path: 'data.a', as: 'number' }, { a: ' 25' }, 25],
    [{ path: 'data.a', as: 'decimal' }, { a: '10.50' }, '10.5'],
    [{ path: 'data.a', as: 'instant' }, { a: '2026-01-01T01:00:00+01:00' }, '2026-01-01T00:00:00.000Z'],
    [{ path: 'data.a', as: 'date' }, { a: '2026-01-01T00:00:00Z' }, '2026-01-01'],
    [{ path: 'data.a', as: 'epochSeconds' }, { a: 0 }, '1970-01-01T00:00:00.000Z'],
    [{ path: 'data.a', as: 'epochMilliseconds' }, { a: 1 }, '1970-01-01T00:00:00.001Z'],
    [{ path: 'data.a', lookup: { yes: 'won' } }, { a: 'yes' }, 'won'],
    [{ path: 'data.a', optional: true }, {}, undefined],
    [{ constant: null }, {}, null],
    [{ template: '{data.a}/{data.b.0}' }, { a: 'x', b: [1] }, 'x/1'],
    [{ list: ['data.a', { path: 'data.b', optional: true }] }, { a: 'x' }, ['x']],
    [{ object: { a: 'data.a', b: { path: 'data.b', optional: true } } }, { a: 'x' }, { a: 'x' }],
    [
      { money: { amount: 'data.a', currency: { constant: 'jpy' } } },
      { a: '480' },
      { amountMinor: 480, currency: 'JPY' },
    ],
    [{ money: { amount: 'data.a', currency: 'data.c' } }, { a: 0.29, c: 'EUR' }, { amountMinor: 29, currency: 'EUR' }],
    [
      { money: { amount: 'data.a', currency: 'data.c', minor: true } },
      { a: 29, c: 'EUR' },
      { amountMinor: 29, currency: 'EUR' },
    ],
  ])('read %j of %j as %j', (field, data, value) => {
    expect(mapped(field, data)).toEqual(value === undefined ? {} : { field: value });
  });

  it.each([
    [{ path: 'data.a', as: 'instant' }, { a: 'soon' }, "what stands here can't be read as instant"],
    [{ path: 'data.a', lookup: { yes: 'won' } }, { a: 'toString' }, 'the lookup lacks the word toString'],
    [{ template: '{data.a}' }, {}, 'nothing stands here; the mapping needs it for field'],
    [
      { money: { amount: 'data.a', currency: { constant: 'EUR' } } },
      { a: '0.001' },
      '0.001 has no whole minor units of EUR',
    ],
    ['data.constructor', {}, 'nothing stands here; the mapping needs it for field'],
  ])('refuse %j of %j', (field, data, message) => {
    expect(problem(field, data)).toMatchObject({ reason: 'mappingUnmet', issues: [{ message }] });
  });

  it('are keyed on an object where the rule says so: later events restate it', () => {
    const keyed = rule({ key: 'data.id', fields: { workId: 'data.id' } });
    const at = (id: string, time: string) =>
      first(event({ type: 'x', id, time, subject: 'S', data: { id: 'w1' } }), keyed);
    expect(at('1', '2026-01-01T00:00:00Z')).toMatchObject({
      sourceId: '/orders w1',
      sourceSeq: '2026-01-01T00:00:00.000Z',
    });
    expect(at('2', '2026-01-02T00:00:00Z')).toMatchObject({
      sourceId: '/orders w1',
      sourceSeq: '2026-01-02T00:00:00.000Z',
    });
  });

  it('may say several facts, each under its own part', () => {
    const two = { ...rule({}).rules[0], fields: { workId: { constant: 'a' } } };
    const parts = {
      rules: [
        { ...two, part: 'a' },
        { ...two, part: 'b' },
      ],
    };
    expect(factsIn(said(event({ type: 'x', subject: 'S' }), parts)).map(({ discriminator }) => discriminator)).toEqual([
      'a',
      'b',
    ]);
  });

  it.each([
    [rule({ as: 'OrderPlacd' }), 'rules.0.as'],
    [rule({ fields: { a: { constnt: 1 } } }), 'rules.0.fields.a'],
    [rule({ fields: { a: { path: 'a', constant: 1 } } }), 'rules.0.fields.a'],
    [rule({ fields: { a: { object: { b: 'no path' } } } }), 'rules.0.fields.a.object.b.path'],
    [rule({ subject: {} }), 'rules.0.subject'],
    [{ rules: [rule({}).rules[0], rule({}).rules[0]] }, 'rules.1'],
  ])('of a mapping that is wrong, say where: %j', (mapping, path) => {
    const parsed = cloudevents.mapping.safeParse(mapping);
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });

  it('survive that their mapping is parsed twice', () => {
    const once = cloudevents.mapping.parse(arrowline);
    expect(cloudevents.mapping.parse(once)).toEqual(once);
  });
});

describe('messages', () => {
  it('may be batches: an event that is refused refuses all, with its place', () => {
    const good = event({ type: 'WorkLogged', subject: 'engagement/E', data: {} });
    const batch = [good, event({ type: 'com.other' }), { ...good, id: '2' }];
    expect(factsIn(said(batch)).map(({ sourceId }) => sourceId)).toEqual(['/orders 1', '/orders 2']);
    expect(said([good, { ...good, specversion: '0.3' }])).toMatchObject({
      reason: 'specversionUnknown',
      issues: [{ path: '1.specversion' }],
    });
    expect(said([])).toEqual({ outcome: 'ignored', reason: 'emptyBatch' });
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

  it('have the id of their event, else their webhook’s', () => {
    expect(cloudevents.messageId(messageOf(event({ type: 'x' })))).toBe('/orders 1');
    expect(cloudevents.messageId(messageOf([event({ type: 'x' })]))).toBe('/orders 1');
    expect(cloudevents.messageId(messageOf({ type: 'x', data: {} }, { 'webhook-id': 'msg_1' }))).toBe(
      'standardwebhooks msg_1',
    );
    expect(cloudevents.messageId(messageOf('{', { 'webhook-id': 'msg_1' }))).toBe('msg_1');
    expect(cloudevents.messageId(messageOf('{'))).toMatch(/^sha256:/);
  });

  it('are welcome from whoever asks', () => {
    expect(cloudevents.handshake?.({ 'webhook-request-origin': 'arrowline.example' })).toEqual({
      status: 200,
      headers: { allow: 'POST', 'webhook-allowed-origin': 'arrowline.example', 'webhook-allowed-rate': '*' },
    });
    expect(cloudevents.handshake?.({})?.headers).toEqual({ allow: 'POST' });
  });
});
