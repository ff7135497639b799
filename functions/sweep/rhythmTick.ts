// What is said of connections that have been silent for longer than their rhythm, and of those that are heard again?
// The sweep handler calls it; it reads and marks sources, and puts facts on the bus, which control records.
import type { Logger } from '@aws-lambda-powertools/logger';
import * as z from 'zod';
import { type Fact, parseFact } from '../../events/catalog.ts';
import { eventIdOf, factIdOf, streamIdOf } from '../../events/identifiers.ts';
import type { Instant } from '../../events/instant.ts';
import type { Bus } from '../aws/eventBridge.ts';
import type { Measure } from '../aws/metrics.ts';
import { packsOf } from '../intake/factPacks.ts';
import type { QuietSources, WatchedSource } from './quietSources.ts';
import { type Tick, tick } from './tick.ts';

export interface RhythmTickSettings {
  readonly quietSources: QuietSources;
  readonly bus: Bus;
  readonly now: () => Instant;
  readonly measure: Measure;
  readonly logger: Pick<Logger, 'info'>;
}

/** A fact of a connection. Its id follows from since when the silence had lasted: who says it again says the same. */
const factOf = (
  { tenantId, connectionId, quietSince = '' }: WatchedSource,
  said: { readonly type: 'SourceWentQuiet' | 'SourceRecovered'; readonly occurredAt: Instant; readonly data: object },
): Fact => {
  const { type, occurredAt, data } = said;
  const streamId = streamIdOf(tenantId, 'source', connectionId);
  const origin = { system: 'throughline', account: connectionId, sourceId: quietSince };
  const factId = factIdOf({ tenantId, ...origin, type });
  const eventId = eventIdOf({ factId, data });
  const parsed = parseFact({
    ...{ eventId, factId, type, schemaVersion: 1, streamId, tenantId, occurredAt },
    ...{ source: 'throughline', sourceEventId: quietSince, causationId: eventId, correlationId: streamId, data },
  });
  if (!parsed.ok) throw new Error(`not a ${type}: ${JSON.stringify(parsed.issues)}`);
  return parsed.value;
};

const wentQuiet = (source: WatchedSource): Fact => {
  const { connectionId, quietAt = '', quietSince, mayHaveSaid, partner } = source;
  const data = { connectionId, lastHeardAt: quietSince, types: mayHaveSaid, ...(partner !== undefined && { partner }) };
  return factOf(source, { type: 'SourceWentQuiet', occurredAt: quietAt, data });
};

const heardAgain = (source: WatchedSource, heardAt: Instant): Fact =>
  factOf(source, {
    type: 'SourceRecovered',
    occurredAt: heardAt,
    data: { connectionId: source.connectionId, heardAt },
  });

/**
 * A connection is marked before its silence is said, so that the first message after it is known. While it is quiet, each tick says it
 * again, which records nothing: a tick may end between mark and fact.
 */
export const createRhythmTick = ({ quietSources, bus, now, measure, logger }: RhythmTickSettings): Tick => {
  const say = async (fact: Fact): Promise<void> => {
    const [unsent] = await bus.put(packsOf([fact]).map(({ entry }) => entry));
    if (unsent !== undefined) throw new Error(`${fact.type} could not be put on the bus: ${unsent.reason}`);
  };

  return tick(z.object({ sweep: z.literal('rhythm') }), async () => {
    let quiet = 0;
    for (const found of await quietSources.at(now())) {
      const source = found.quietAt === undefined ? await quietSources.mark(found) : found;
      if (source === undefined) continue;
      await say(wentQuiet(source));
      const { connectionId, heardAgainAt } = source;
      if (heardAgainAt !== undefined) {
        await say(heardAgain(source, heardAgainAt));
        await quietSources.release(source);
      } else quiet += 1;
      logger.info('a connection is quiet', { connectionId, since: source.quietSince, heardAgainAt });
    }
    measure('SourcesQuiet', quiet);
  });
};
