// Which bus entries does a commit make?
import * as z from 'zod';
import { type BusEntry, recordedSource } from '../aws/eventBridge.ts';
import type { IsRelayed } from './relayedTypes.ts';

/** An entry of the bus, and the id under which its failure is stored. */
export interface CommitEntry {
  readonly eventId: string;
  readonly entry: BusEntry;
}

const Events = z.array(z.unknown());
const Event = z.object({ eventId: z.string().min(1), type: z.string().min(1) });

/** The entries of a commit's events whose type is relayed, from the JSON text of all its events; throws where the text is not a list of events. */
export const entriesOf = (events: string, isRelayed: IsRelayed): readonly CommitEntry[] =>
  Events.parse(JSON.parse(events)).flatMap((recorded) => {
    const { eventId, type } = Event.parse(recorded);
    if (!isRelayed(type)) return [];
    return [{ eventId, entry: { source: recordedSource, detailType: type, detail: JSON.stringify(recorded) } }];
  });
