// Which facts do tests of the store write?
import type { Fact } from '../../../events/catalog.ts';
import { type StreamKind, streamIdOf } from '../../../events/identifiers.ts';
import { fact, tenantId } from '../../support/histories/events.ts';

/** A stream of the tests' tenant. */
export const streamNamed = (name: string, kind: StreamKind = 'engagement'): string => streamIdOf(tenantId, kind, name);

/** A fact of slightly more than this many kilobytes, in references of two kilobytes each. */
const large = (stream: string, sourceId: string, kilobytes: number): Fact => {
  const references = Array.from({ length: Math.ceil(kilobytes / 2) }, () => 'é'.repeat(1024));
  return fact(
    'HandoffOffered',
    {
      handoffId: sourceId,
      fromStage: 'sell',
      toStage: 'deliver',
      openRisks: references.slice(0, 100),
      expectations: references.slice(100).map((textRef) => ({ textRef })),
    },
    { at: '2026-05-01T08:00', stream, sourceId },
  );
};

/** `count` different facts of a stream. `say` makes lists differ from each other, and `kilobytes` makes the facts large. */
export const revisions = (streamId: string, count: number, say = 'first', kilobytes = 0): readonly Fact[] =>
  Array.from({ length: count }, (_, index) => {
    const sourceId = `${say} ${index}`;
    if (kilobytes > 0) return large(streamId, sourceId, kilobytes);
    const customer = { system: 'crm', kind: 'account', id: sourceId };
    return fact('CustomerIdentified', { customer }, { at: '2026-05-01T08:00', stream: streamId, sourceId });
  });
