// Is a message stored exactly as it came, and in few bytes?
import { describe, expect, test } from 'vitest';
import { receiptItem, receiptOf } from '../../../functions/receipts/receipt.ts';

const receivedAt = '2026-03-01T09:00:00.000Z';
const itemOf = (body: string) =>
  receiptItem({
    connection: 'c-1',
    tenantId: 'acme',
    source: 'cloudevents',
    receiptId: 'r-1',
    message: { body, headers: { 'webhook-id': 'm-1', cookie: 'no' }, receivedAt },
  });
const long = JSON.stringify(
  Array.from({ length: 20 }, (_, index) => ({ id: index, name: 'größer', note: 'a "b" \n' })),
);

describe('a body', () => {
  test.each([
    ['long', long],
    ['short', '{"a":1}'],
    ['empty', ''],
  ])('that is %s is read back unchanged, from the table and from its stream', (_, body) => {
    const item = itemOf(body);
    expect(receiptOf(item).message.body).toBe(body);
    const packed = item.body?.B;
    if (packed === undefined) return;
    const streamed: Record<string, unknown> = { ...item, body: { B: Buffer.from(packed).toString('base64') } };
    expect(receiptOf(JSON.parse(JSON.stringify(streamed))).message.body).toBe(body);
  });

  test('is compressed where that is shorter, and stays text where it is not', () => {
    expect(itemOf(long).body?.B?.length).toBeLessThan(long.length / 4);
    expect(itemOf('{"a":1}').body).toEqual({ S: '{"a":1}' });
  });

  test('that was stored as text is read back, however long it is', () => {
    expect(receiptOf({ ...itemOf(long), body: { S: long } }).message.body).toBe(long);
  });
});
