// Does every packed text come back unchanged, and is it the raw deflate of the receipts that are stored already?
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packText, unpackText } from '../../../functions/aws/packText.ts';

const digests = Array.from({ length: 4_000 }, (_, index) => createHash('sha256').update(String(index)).digest('hex'));

const texts: readonly (readonly [string, string])[] = [
  ['empty', ''],
  ['short', '{"a":1}'],
  ['of many scripts', JSON.stringify({ name: 'größer', 会社: 'ノース', mark: '👩‍🚀', end: '\uFEFF\u0000' })],
  ['usual', JSON.stringify(digests.slice(0, 20).map((id) => ({ id, name: 'Northwind', amount: 1200 })))],
  ['of one letter', 'a'.repeat(4_000_000)],
  ['random', digests.join('')],
  ['random, then of one letter', `${digests.join('')}${'a'.repeat(1_000_000)}`],
];

test.each(texts)('a packed text comes back unchanged: %s', (_, text) => {
  const packed = packText(text);
  expect(unpackText(packed)).toBe(text);
  expect(inflateRawSync(packed).toString('utf8')).toBe(text);
  expect(unpackText(deflateRawSync(text))).toBe(text);
});

test('unpacking another text does not change the first one', () => {
  const [one, other] = [packText('one'), packText('other')];
  const first = unpackText(one);
  expect([first, unpackText(other), unpackText(one), first]).toEqual(['one', 'other', 'one', 'one']);
});

test('a long text shrinks to a fifth, and to about the size that zlib makes', () => {
  const text = JSON.stringify(Array.from({ length: 40 }, (_, index) => ({ id: `order-${index}`, name: 'Northwind' })));
  expect(packText(text).length).toBeLessThan(deflateRawSync(text).length * 1.1);
  expect(packText(text).length).toBeLessThan(text.length / 5);
});

test('bytes that are cut off or are not deflate are an error, and the next text unpacks', () => {
  const packed = packText(digests.slice(0, 10).join());
  expect(() => unpackText(packed.subarray(0, packed.length - 4))).toThrow();
  expect(() => unpackText(Uint8Array.from([7, 7, 7]))).toThrow();
  expect(unpackText(packed)).toBe(digests.slice(0, 10).join());
});
