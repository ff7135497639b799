// What if a commit of the event store was changed or removed? It goes on the bus as CommitChanged, to a queue whose alarm calls a person.
import { recordedSource } from '../aws/eventBridge.ts';
import type { CommitEntry } from './commitEntries.ts';

/** A commit of which the stream says that it was not appended. */
export interface TamperedCommit {
  readonly stream: string;
  /** Of its first event. */
  readonly version: number;
  /** MODIFY or REMOVE. */
  readonly change: string;
}

/** Its entry; what the commit held is not repeated. */
export const tamperedEntry = ({ stream, version, change }: TamperedCommit): CommitEntry => ({
  eventId: `${stream}@${version}`,
  entry: {
    source: recordedSource,
    detailType: 'CommitChanged',
    detail: JSON.stringify({ change, stream, version }),
  },
});
