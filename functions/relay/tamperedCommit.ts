// How is a commit reported that was changed or removed in the event store?
import { recordedSource } from '../aws/eventBridge.ts';
import type { CommitEntry } from './commitEntries.ts';

/** A commit that was changed or removed, as the table's stream reports it. */
export interface TamperedCommit {
  readonly stream: string;
  /** The version of its first event. */
  readonly version: number;
  /** MODIFY or REMOVE. */
  readonly change: string;
}

/** The bus entry of the change, CommitChanged, without the commit's content. It goes to a queue whose alarm calls a person. */
export const tamperedEntry = ({ stream, version, change }: TamperedCommit): CommitEntry => ({
  eventId: `${stream}@${version}`,
  entry: {
    source: recordedSource,
    detailType: 'CommitChanged',
    detail: JSON.stringify({ change, stream, version }),
  },
});
