// Is text read exactly: numbers as the source wrote them, ids in one spelling, words for routes?
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalExternalId, salesforceId } from '../../../events/sources/externalIds.ts';
import { RouteWords, routeOf } from '../../../events/sources/routeWords.ts';
import { at, dateAt, decimalAt, decimalOf, instantAt, readJson, textAt } from '../../../events/sources/sourceJson.ts';

const json = (text: string) => {
  const read = readJson(text);
  if (!read.ok) throw new Error(read.message);
  return read.json;
};

describe('numbers', () => {
  it.each([
    ['84000.0', '84000'],
    ['8.4E4', '84000'],
    ['0.10', '0.1'],
    ['-0.0', '0'],
    ['-12.50', '-12.5'],
    ['1e-3', '0.001'],
    ['0012', '12'],
    ['+7', '7'],
    ['9007199254740993.01', '9007199254740993.01'],
    ['1,000', undefined],
    ['', undefined],
    ['NaN', undefined],
    ['1e999', undefined],
  ])('%s is %s', (text, decimal) => {
    expect(decimalOf(text)).toBe(decimal);
  });

  it('keep their value in the shortest form', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), fc.nat(9999), fc.nat(6), (whole, part, zeros) => {
        const sign = whole < 0n ? '-' : '';
        const digits = `${whole < 0n ? -whole : whole}`;
        const fraction = `${part}`.padStart(4, '0');
        const shortest = decimalOf(`${sign}${digits}.${fraction}${'0'.repeat(zeros)}`);
        expect(shortest).toBe(part === 0 ? `${whole}` : `${sign}${digits}.${fraction.replace(/0+$/, '')}`);
        expect(decimalOf(shortest ?? '')).toBe(shortest);
        expect(decimalOf(`${sign}${digits}${fraction}E-4`)).toBe(shortest);
      }),
    );
  });

  it('keep the source’s text, even if a float could not hold it', () => {
    const message = json('{"a":[{"n":1780304400000000501}],"b":0.30000000000000004}');
    expect(textAt(message, 'a.0.n')).toBe('1780304400000000501');
    expect(decimalAt(message, 'b')).toBe('0.30000000000000004');
  });
});

describe('paths and times', () => {
  it('reach only a message’s own members', () => {
    expect(at(json('{"a":{}}'), 'a.constructor')).toBeUndefined();
    expect(textAt(json('{"__proto__":{"a":"x"}}'), 'a')).toBeUndefined();
    expect(textAt(json('{"a":["x"]}'), 'a.length')).toBeUndefined();
  });

  it('read dates and times in every form that sources write', () => {
    expect(dateAt(json('{"d":"2026-08-31"}'), 'd')).toBe('2026-08-31');
    expect(dateAt(json('{"d":1788134400000}'), 'd')).toBe('2026-08-31');
    expect(instantAt(json('{"d":"2026-08-31T00:00:00.1234567Z"}'), 'd')).toBe('2026-08-31T00:00:00.123Z');
    expect(instantAt(json('{"d":1e300}'), 'd')).toBeUndefined();
  });
});

describe('ids', () => {
  it.each([
    ['006Hp00001XkQ2m', '006Hp00001XkQ2mIAF'],
    ['006Hp00001XkQ2mIAF', '006Hp00001XkQ2mIAF'],
    ['006hp00001xkq2miaf', '006Hp00001XkQ2mIAF'],
    ['006HP00001XKQ2MIAF', '006Hp00001XkQ2mIAF'],
    ['00DHp00000TqkAB', '00DHp00000TqkABMAZ'],
    ['006Hp00001', undefined],
    ['006Hp00001XkQ2*', undefined],
  ])('%s is %s', (text, id) => {
    expect(salesforceId(text)).toBe(id);
  });

  it('of an org have one spelling, whoever names them', () => {
    expect(normalExternalId({ system: 'salesforce:00DHp00000TqkAB', kind: 'Order', id: '801Hp00000DnW5q' })).toEqual({
      system: 'salesforce:00DHp00000TqkABMAZ',
      kind: 'Order',
      id: '801Hp00000DnW5qIAF',
    });
    const other = { system: 'psa', kind: 'ticket', id: '801Hp00000DnW5q' };
    expect(normalExternalId(other)).toEqual(other);
  });
});

describe('routes', () => {
  const words = RouteWords.parse({ Via_Arrowline: { route: 'two_tier' }, Direct: { route: 'co_sell' } });

  it('follow the mapping, else the usual words, in any spelling', () => {
    expect(routeOf('aws_marketplace_cppo', words)).toEqual({ route: 'marketplace', marketplace: 'aws' });
    expect(routeOf(' via arrowline', words)).toEqual({ route: 'two_tier' });
    expect(routeOf('DIRECT', words)).toEqual({ route: 'co_sell' });
    expect(routeOf('direct', {})).toEqual({ route: 'direct' });
    expect(routeOf('constructor', words)).toBeUndefined();
  });
});
