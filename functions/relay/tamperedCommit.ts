// What if a commit of the event store was changed or removed? It goes on the bus as CommitChanged, to a queue whose alarm calls a person.
import * as z from 'zod';
import { type BusEntry, recordedSource } from '../aws/eventBridge.ts';

const Keys = z.object({ stream: z.object({ S: z.string() }), version: z.object({ N: z.string() }) });

/** What the stream says of a commit that was not appended. */
export interface TamperedCommit {
  /** `<stream>@<version>`. */
  readonly eventId: string;
  readonly entry: BusEntry;
}

/** The commit that a record of the stream says was changed (MODIFY) or removed (REMOVE); its content is not repeated. */
export const changedCommit = (change: string, keys: unknown): TamperedCommit => {
  const { stream, version } = Keys.parse(keys);
  return {
    eventId: `${stream.S}@${version.N}`,
    entry: {
      source: recordedSource,
      detailType: 'CommitChanged',
      detail: JSON.stringify({ change, stream: stream.S, version: Number(version.N) }),
    },
  };
};
