// Are numbers, dates and data from outside read without loss, or named as what can't be read?
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog, type EventType } from '../../../events/catalog.ts';
import { saidData } from '../../../events/sources/saidData.ts';
import {
  dateAt,
  decimalOf,
  exactNumber,
  measuredNumber,
  readJson,
  SourceNumber,
  textAt,
} from '../../../events/sources/sourceJson.ts';

const json = (text: string) => {
  const read = readJson(text);
  if (!read.ok) throw new Error(read.message);
  return read.json;
};

const someNumber = fc.stringMatching(/^-?(?:0|[1-9]\d{0,40})(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?$/);

describe('a number of a message', () => {
  it('keeps its text, whatever it is', () => {
    fc.assert(
      fc.property(someNumber, (text) => {
        expect(textAt(json(`{"a":[${text}]}`), 'a.0')).toBe(text);
      }),
    );
  });

  it('becomes a number only if the number says the same', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger()), (number) => {
        const small = Math.abs(number) < 1e99 && (number === 0 || Math.abs(number) > 1e-40);
        fc.pre(small);
        expect(exactNumber(JSON.stringify(number))).toBe(number === 0 ? 0 : number);
      }),
    );
    fc.assert(
      fc.property(
        fc.bigInt({ min: 2n ** 53n, max: 10n ** 30n }).filter((integer) => BigInt(Number(integer)) !== integer),
        (integer) => {
          const kept = exactNumber(`${integer}`);
          expect([undefined, `${integer}`]).toContain(kept === undefined ? kept : decimalOf(String(kept)));
        },
      ),
    );
  });

  it.each([
    ['9007199254740991', 9007199254740991, 9007199254740991],
    ['9007199254740993', undefined, undefined],
    ['9007199254740993.0', undefined, undefined],
    ['1e3', 1000, 1000],
    ['0.10000000000000001', 0.1, 0.1],
    ['1.0000000000000000001', undefined, undefined],
    ['0.3333333333333333333333333333', undefined, 1 / 3],
    ['1e400', undefined, undefined],
    ['x', undefined, undefined],
  ])('%s: exactly %s, as a measure %s', (text, exact, measured) => {
    expect(exactNumber(text)).toBe(exact);
    expect(measuredNumber(text)).toBe(measured);
  });
});

describe('a message', () => {
  it('may begin with a byte order mark', () => {
    expect(readJson('\uFEFF{"a":1}')).toMatchObject({ ok: true });
    expect(readJson('{"a":"\uFEFFx"}')).toMatchObject({ ok: true, json: { a: '\uFEFFx' } });
    expect(readJson('\uFEFF\uFEFF{}')).toMatchObject({ ok: false, reason: 'notJson' });
  });

  it('has a date only where one exists, with the day that was written', () => {
    const said = json('{"a":"2026-02-30","b":"2026-03-31T22:30:00-05:00","c":1781341200000,"d":"","e":-1}');
    expect(dateAt(said, 'a')).toBeUndefined();
    expect(dateAt(said, 'b')).toBe('2026-03-31');
    expect(dateAt(said, 'c')).toBe('2026-06-13');
    expect(dateAt(said, 'd')).toBeUndefined();
    expect(dateAt(said, 'e')).toBeUndefined();
    expect(dateAt(said, 'f')).toBeUndefined();
  });
});

describe('data', () => {
  const read = (type: EventType, text: string, numbersAreText = false) =>
    saidData({ schema: catalog[type].data, said: json(text), numberOf: exactNumber, numbersAreText });

  it('has instants in UTC and days as they were written, at any depth', () => {
    expect(read('SubscriptionStarted', '{"termStart":"2026-01-06T00:00:00+02:00"}').data).toEqual({
      termStart: '2026-01-05T22:00:00.000Z',
    });
    expect(read('ValueReported', '{"period":{"start":"2026-03-31T22:30:00-05:00","end":"2026-04-30"}}').data).toEqual({
      period: { start: '2026-03-31', end: '2026-04-30' },
    });
    expect(read('PolicyPublished', '{"calendars":{"no":{"holidays":["2026-05-17T00:00:00Z"]}}}').data).toEqual({
      calendars: { no: { holidays: ['2026-05-17'] } },
    });
  });

  it('stays as it is where it is no time, or where a time has no offset', () => {
    for (const termStart of ['2026-02-30T00:00:00Z', '2026-01-06', '2026-01-06T10:00:00', 'soon'])
      expect(read('SubscriptionStarted', JSON.stringify({ termStart })).data).toEqual({ termStart });
  });

  it('has the numbers that are ids as their text, where that is wanted, and names numbers that lose digits', () => {
    const text = '{"subscriptionId":9007199254740993001,"quantity":9007199254740993001}';
    expect(read('SubscriptionStarted', text, true)).toEqual({
      data: { subscriptionId: '9007199254740993001', quantity: '9007199254740993001' },
      issues: [{ path: 'quantity', message: expect.stringContaining('9007199254740993001') }],
    });
    expect(read('SubscriptionStarted', '{"subscriptionId":12}').data).toEqual({ subscriptionId: 12 });
    expect(read('PolicyPublished', '{"thresholds":{"P1.1":{"days":5,"on":true}}}').data).toEqual({
      thresholds: { 'P1.1': { days: 5, on: true } },
    });
  });

  it('keeps fields that the catalog does not know, as plain values', () => {
    const { data, issues } = read('WorkLogged', '{"constructor":1,"further":{"a":[1.5,9007199254740993001]}}');
    expect(data).toEqual({ constructor: 1, further: { a: [1.5, '9007199254740993001'] } });
    expect(issues).toEqual([]);
    expect(JSON.stringify(data)).not.toContain(SourceNumber.name);
  });
});
