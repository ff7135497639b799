// Which facts came of a receipt, as few bytes in its item?
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Fact } from '../../events/catalog.ts';
import { unpackText } from '../aws/packText.ts';
import { packed } from './receipt.ts';

/** A fact that came of a receipt. */
export type ReceiptFact = Readonly<Record<'type' | 'factId' | 'eventId' | 'stream', string>>;

/** What a receipt keeps of its facts. */
export const receiptFactsOf = (facts: readonly Fact[]): readonly ReceiptFact[] =>
  facts.map(({ type, factId, eventId, streamId }) => ({ type, factId, eventId, stream: streamId }));

/** As an attribute's value: a line for each fact, compressed where that is shorter. A stream's id may hold a space, so it is last. */
export const packedFacts = (facts: readonly ReceiptFact[]): string | Uint8Array =>
  packed(facts.map(({ type, factId, eventId, stream }) => `${type} ${factId} ${eventId} ${stream}`).join('\n'));

/** The facts in an attribute's value; none where it is absent. */
export const storedFacts = (value: AttributeValue | undefined): readonly ReceiptFact[] => {
  const text = value?.B === undefined ? (value?.S ?? '') : unpackText(value.B);
  return text.split('\n').flatMap((line) => {
    const [type = '', factId = '', eventId = '', ...stream] = line.split(' ');
    return line === '' ? [] : [{ type, factId, eventId, stream: stream.join(' ') }];
  });
};
