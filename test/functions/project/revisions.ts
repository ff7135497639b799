// What do tests of the store write? Small facts that any stream takes: a customer identified, again and again.
import type { Fact } from '../../../events/catalog.ts';
import { type StreamKind, streamIdOf } from '../../../events/identifiers.ts';
import { fact, tenantId } from '../../support/histories/events.ts';

/** A stream of the tests' tenant. */
export const streamNamed = (name: string, kind: StreamKind = 'engagement'): string => streamIdOf(tenantId, kind, name);

/** `count` facts of a stream, all different; `say` tells one list from another, `kilobytes` makes them large. */
export const revisions = (streamId: string, count: number, say = 'first', kilobytes = 0): readonly Fact[] =>
  Array.from({ length: count }, (_, index) => {
    const revised = fact(
      'CustomerIdentified',
      { customer: { system: 'crm', kind: 'account', id: `${say} ${index}` } },
      { at: '2026-05-01T08:00', stream: streamId, sourceId: `${say} ${index}` },
    );
    return kilobytes === 0 ? revised : { ...revised, correlationId: 'x'.repeat(kilobytes * 1024) };
  });
