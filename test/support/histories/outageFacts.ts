// What do a connection's silence and its recovery look like in a test?
import type { RecordedOf } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { instant, recorded, type Said, tenantId } from './events.ts';

type Quiet = Partial<Omit<Said<'SourceWentQuiet'>, 'lastHeardAt'>>;

const streamOf = (connectionId: string): string => streamIdOf(tenantId, 'source', connectionId);

/** A connection was last heard at an instant, and its silence was longer than its rhythm at another one. */
export const wentQuiet = (lastHeardAt: string, at: string, said: Quiet = {}): RecordedOf<'SourceWentQuiet'> => {
  const { connectionId = 'c-1', ...more } = said;
  return recorded(
    'SourceWentQuiet',
    { connectionId, lastHeardAt: instant(lastHeardAt), ...more },
    { at, stream: streamOf(connectionId) },
  );
};

/** A connection is heard again. */
export const recovered = (at: string, connectionId = 'c-1'): RecordedOf<'SourceRecovered'> =>
  recorded('SourceRecovered', { connectionId, heardAt: instant(at) }, { at, stream: streamOf(connectionId) });
