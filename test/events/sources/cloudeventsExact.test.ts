// Do a sender's ids, sequences, times and references stay what they were?
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sequenceOf } from '../../../events/sources/cloudevents/sequence.ts';
import { cloudevents } from '../../../events/sources/cloudevents.ts';
import { connectionTo, factsIn, messageOf } from './reading.ts';

const text = (given: string): string =>
  `{"specversion":"1.0","id":"1","source":"/s","time":"2026-07-15T10:00:00Z","type":"throughline.OutcomeAgreed","subject":"engagement/E"${given}}`;
const said = (given: string, mapping: { readonly [key: string]: unknown } = {}) =>
  cloudevents.translate(messageOf(text(given)), connectionTo(cloudevents, mapping));
const first = (given: string, mapping: { readonly [key: string]: unknown } = {}) => factsIn(said(given, mapping))[0];
const agreed = ',"data":{"outcomeId":"o"}';

describe('a sequence', () => {
  const numbers = fc.oneof(fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }), fc.bigInt({ min: -200n, max: 200n }));

  it('of integers sorts as numbers, whatever their sign and leading zeros', () => {
    const written = (number: bigint, zeros: number): string =>
      `${number < 0n ? '-' : ''}${'0'.repeat(zeros)}${number < 0n ? -number : number}`;
    fc.assert(
      fc.property(numbers, numbers, fc.nat(5), fc.nat(5), (a, b, zerosOfA, zerosOfB) => {
        const left = sequenceOf({ text: written(a, zerosOfA), isNumber: false, type: 'Integer' });
        const right = sequenceOf({ text: written(b, zerosOfB), isNumber: false });
        expect([left < right, left === right]).toEqual([a < b, a === b]);
      }),
      { numRuns: 1000 },
    );
  });

  it('of JSON numbers sorts as numbers too, with fractions', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.constantFrom(1, 10, 1000), (a, b, by) => {
        const [left, right] = [a / by, b / by];
        const [low, high] = [left, right].map((number) => sequenceOf({ text: JSON.stringify(number), isNumber: true }));
        expect([(low ?? '') < (high ?? ''), low === high]).toEqual([left < right, left === right]);
      }),
    );
  });

  it('that is no number stays text, and so do digits of another type', () => {
    expect(sequenceOf({ text: '9.1', isNumber: false })).toBe('9.1');
    expect(sequenceOf({ text: 'v7', isNumber: false, type: 'Integer' })).toBe('v7');
    expect(sequenceOf({ text: '0012', isNumber: false, type: 'Alphabetic' })).toBe('0012');
  });

  it('is read from text, from a number, and from an integer of 19 digits', () => {
    const nine = first(`,"sequence":"9","sequencetype":"Integer"${agreed}`)?.sourceSeq ?? '';
    const ten = first(`,"sequence":10${agreed}`)?.sourceSeq ?? '';
    const long = first(`,"sequence":9007199254740993001${agreed}`)?.sourceSeq ?? '';
    const longer = first(`,"sequence":"9007199254740993002"${agreed}`)?.sourceSeq ?? '';
    expect([nine < ten, ten < long, long < longer]).toEqual([true, true, true]);
  });

  it('is refused by name if it is too long', () => {
    expect(said(`,"sequence":"${'9'.repeat(126)}"${agreed}`)).toMatchObject({
      outcome: 'refused',
      reason: 'sequenceTooLong',
      issues: [{ path: 'sequence' }],
    });
    expect(first(`,"sequence":"${'9'.repeat(125)}"${agreed}`)?.sourceSeq).toHaveLength(128);
    expect(first(`,"sequence":"${'x'.repeat(128)}"${agreed}`)?.sourceSeq).toHaveLength(128);
  });
});

describe('a subject', () => {
  it.each([
    ['engagement/ENG/2026/7', { secondary: { system: 'reference', kind: 'engagement', id: 'ENG/2026/7' } }],
    ['engagement//7/', { secondary: { system: 'reference', kind: 'engagement', id: '/7/' } }],
    ['psa/ticket/2026/7', { secondary: { system: 'psa', kind: 'ticket', id: '2026/7' } }],
    ['psa/ticket//7', { secondary: { system: 'psa', kind: 'ticket', id: '/7' } }],
  ])('%s keeps its slashes', (subject, expected) => {
    const body = {
      specversion: '1.0',
      id: '1',
      source: '/s',
      type: 'OutcomeAgreed',
      subject,
      data: { outcomeId: 'o' },
    };
    expect(factsIn(cloudevents.translate(messageOf(body), connectionTo(cloudevents)))[0]?.subject).toEqual(expected);
  });

  it('of a campaign keeps its slashes', () => {
    const body = { specversion: '1.0', id: '1', source: '/s', type: 'CampaignLaunched', subject: 'campaign/2026/q1' };
    const [fact] = factsIn(
      cloudevents.translate(
        messageOf({ ...body, data: { campaignId: '2026/q1', kind: 'enablement' } }),
        connectionTo(cloudevents),
      ),
    );
    expect(fact?.subject).toEqual({ stream: 'northwind/campaign/2026/q1' });
  });

  it.each(['engagement/', 'campaign/', 'psa/ticket/', 'psa/ticket', '/a/b', 'x'])('%s is none', (subject) => {
    const body = {
      specversion: '1.0',
      id: '1',
      source: '/s',
      type: 'OutcomeAgreed',
      subject,
      data: { outcomeId: 'o' },
    };
    expect(cloudevents.translate(messageOf(body), connectionTo(cloudevents))).toMatchObject({
      reason: 'subjectMissing',
    });
  });
});

describe('a mapping', () => {
  const rule = (given: { readonly [key: string]: unknown }) => ({
    rules: [{ type: 'throughline.OutcomeAgreed', as: 'OrderFulfilled', fields: { orderId: 'data.order' }, ...given }],
  });

  it('reads a number as the text that it was, for ids, keys, templates, subjects and links', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^(?:[1-9]\d{0,30}|[1-9]\d?e[1-9]\d?|\d\.\d{1,20})$/),
        fc.constantFrom('bare', 'text'),
        (id, as) => {
          const order = as === 'bare' ? 'data.order' : { path: 'data.order', as: 'text' };
          const mapping = rule({
            subject: { external: { kind: 'order', id: order } },
            key: order,
            fields: { orderId: order, poNumber: { template: 'PO {data.order}' } },
            links: [{ kind: 'ticket', id: order }],
          });
          const [fact, link] = factsIn(said(`,"data":{"order":${id}}`, mapping));
          expect(fact).toMatchObject({
            sourceId: `/s ${id}`,
            subject: { secondary: { kind: 'order', id } },
            data: { orderId: id, poNumber: `PO ${id}` },
          });
          expect(link).toMatchObject({ data: { external: { kind: 'ticket', id } } });
        },
      ),
    );
  });

  it('looks words up that are numbers', () => {
    const fields = { orderId: { path: 'data.order', lookup: { '9007199254740993001': 'first' } } };
    expect(first(',"data":{"order":9007199254740993001}', rule({ fields }))?.data).toEqual({ orderId: 'first' });
  });

  it('keeps the day that a time was written with, and refuses a day that does not exist', () => {
    const close = (day: string) =>
      said(
        `,"data":{"close":"${day}"}`,
        rule({ as: 'DealRevised', fields: { expectedClose: { path: 'data.close', as: 'date' } } }),
      );
    expect(factsIn(close('2026-03-31T22:30:00-05:00'))[0]?.data).toEqual({ expectedClose: '2026-03-31' });
    expect(factsIn(close('2026-03-31T00:30:00+05:00'))[0]?.data).toEqual({ expectedClose: '2026-03-31' });
    const bare = rule({ as: 'DealRevised', fields: { expectedClose: 'data.close' } });
    expect(first(',"data":{"close":"2026-03-31T22:30:00-05:00"}', bare)?.data).toEqual({ expectedClose: '2026-03-31' });
    expect(close('2026-02-30')).toMatchObject({ outcome: 'refused', issues: [{ path: 'data.close' }] });
  });

  it('refuses a number that loses digits in a field of numbers, by its path', () => {
    const fields = { subscriptionId: 'data.s', metric: { constant: 'seats' }, activeUnits: 'data.units' };
    for (const as of [undefined, 'number'])
      expect(
        said(
          ',"data":{"s":7,"units":9007199254740993001}',
          rule({ as: 'UsageMeasured', fields: { ...fields, activeUnits: { path: 'data.units', as } } }),
        ),
      ).toMatchObject({ outcome: 'refused', issues: [{ path: expect.stringMatching(/^data\./) }] });
  });

  it('keeps a claim that is no time, for the receipt’s time to stand in', () => {
    const at = (as: string | undefined) =>
      first(',"data":{"order":"7","when":"2026-02-30T10:00:00Z"}', rule({ occurredAt: { path: 'data.when', as } }))
        ?.occurredAt;
    expect([at(undefined), at('instant'), at('date')]).toEqual(Array(3).fill('2026-02-30T10:00:00Z'));
  });
});

describe('data of the catalog’s own types', () => {
  it('has numbers that lose digits refused by name, never rounded', () => {
    const usage = text(',"data":{"activeUnits":9007199254740993001}').replace('OutcomeAgreed', 'UsageMeasured');
    expect(cloudevents.translate(messageOf(usage), connectionTo(cloudevents))).toMatchObject({
      outcome: 'refused',
      reason: 'notThisFact: UsageMeasured',
      issues: [{ path: 'data.activeUnits' }],
    });
  });

  it('may come after a byte order mark', () => {
    expect(cloudevents.translate(messageOf(`\uFEFF${text(agreed)}`), connectionTo(cloudevents)).outcome).toBe('facts');
  });
});
