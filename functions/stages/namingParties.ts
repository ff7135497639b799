// How does each party that facts name get its stream?
// The stages and record wrap their `recordFacts` in it; it appends to the streams of parties through that same function.
import { partiesNamed } from '../../domain/stages/partyNamed.ts';
import { inParallel } from '../aws/parallel.ts';
import { BrokenStream } from '../store/readCommits.ts';
import type { RecordFacts } from './recordFacts.ts';

const atOnce = 8;

/**
 * Wraps `recordFacts`: first names the parties on their own streams. So an engagement's first projection already reads
 * them, and no head is behind. A party that this process knows costs nothing: its cached stream holds the name. A party whose
 * stream can't be read stays without the name, because it must not stop the facts of others.
 */
export const namingParties =
  (recordFacts: RecordFacts): RecordFacts =>
  async (streamId, facts) => {
    await inParallel(partiesNamed(facts), atOnce, async (named) => {
      try {
        await recordFacts(named.streamId, [named]);
      } catch (error) {
        if (!(error instanceof BrokenStream) || named.streamId === streamId) throw error;
      }
    });
    return await recordFacts(streamId, facts);
  };
