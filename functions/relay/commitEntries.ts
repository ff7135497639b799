// Which bus entries does a commit make?
import * as z from 'zod';
import { type BusEntry, recordedSource } from '../aws/eventBridge.ts';

/** An entry of the bus, and the id under which its failure is stored. */
export interface CommitEntry {
  readonly eventId: string;
  readonly entry: BusEntry;
}

const Events = z.array(z.unknown());
const Event = z.object({ eventId: z.string().min(1), type: z.string().min(1) });

/** The entries of a commit, from the JSON text of its events; throws where the text is not a list of events. */
export const entriesOf = (events: string): readonly CommitEntry[] =>
  Events.parse(JSON.parse(events)).map((recorded) => {
    const { eventId, type } = Event.parse(recorded);
    return { eventId, entry: { source: recordedSource, detailType: type, detail: JSON.stringify(recorded) } };
  });
