// Which facts came of a receipt, as few bytes in its item?
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Fact } from '../../events/catalog.ts';
import { packed, unpackText } from '../aws/packText.ts';

/** A fact that came of a receipt. */
export type ReceiptFact = Readonly<Record<'type' | 'factId' | 'eventId' | 'stream', string>>;

/** What a receipt keeps of its facts. */
export const receiptFactsOf = (facts: readonly Fact[]): readonly ReceiptFact[] =>
  facts.map(({ type, factId, eventId, streamId }) => ({ type, factId, eventId, stream: streamId }));

/** What a fact is on its stream: its restatements there are one. */
export const placeOf = ({ factId, stream }: Pick<ReceiptFact, 'factId' | 'stream'>): string => `${factId} ${stream}`;

/** What a receipt says now, and then what it said before and no longer says, until that is taken back. */
export const withEarlier = (now: readonly ReceiptFact[], before: readonly ReceiptFact[]): readonly ReceiptFact[] => {
  const places = new Set(now.map(placeOf));
  return [...now, ...before.filter((fact) => !places.has(placeOf(fact)))];
};

/**
 * Beside a body of 300 KB an item has room for so many bytes of facts and streams. A batch may say more: the first facts are kept,
 * and the rest is counted.
 */
const mostBytes = 60 * 1024;
/** Type, two ids and a place, with the line's end. */
const mostOfLine = 128;

/** What a receipt keeps of its facts and streams; `taken` are the bytes that it needs of their room for something else. */
export const keptFacts = (facts: readonly ReceiptFact[], taken = 0) => {
  const streams = new Set<string>();
  const kept: ReceiptFact[] = [];
  let bytes = taken;
  for (const fact of facts) {
    bytes += mostOfLine + (streams.has(fact.stream) ? 0 : Buffer.byteLength(fact.stream) + 4);
    if (bytes > mostBytes) break;
    streams.add(fact.stream);
    kept.push(fact);
  }
  const factsLeftOut = facts.length - kept.length;
  return {
    streams: [...streams],
    facts: packedFacts(kept, [...streams]),
    ...(factsLeftOut > 0 && { factsLeftOut }),
  };
};

/**
 * As an attribute's value: a line for each fact, compressed where that is shorter. Streams are named by their place among the
 * receipt's streams, because DynamoDB writes every byte of a receipt again when it ends.
 */
const packedFacts = (facts: readonly ReceiptFact[], streams: readonly string[]): string | Uint8Array =>
  packed(
    facts
      .map(({ type, factId, eventId, stream }) => `${type} ${factId} ${eventId} ${streams.indexOf(stream)}`)
      .join('\n'),
  );

/** The facts in a receipt's item; none where it has none. */
export const storedFacts = ({ facts, streams }: Record<string, AttributeValue>): readonly ReceiptFact[] => {
  const text = facts?.B === undefined ? (facts?.S ?? '') : unpackText(facts.B);
  return text.split('\n').flatMap((line) => {
    const [type = '', factId = '', eventId = '', at] = line.split(' ');
    return line === '' ? [] : [{ type, factId, eventId, stream: streams?.L?.[Number(at)]?.S ?? '' }];
  });
};
