// Which facts take a deal's closing or a whole engagement back?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forEveryone } from '../audience.ts';
import { define } from '../definition.ts';
import { Ref } from '../fields.ts';

const TakenBackReason = Ref.optional().describe('Why: a code, or a reference to the text.');

export const takenBackEvents = {
  DealReopened: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'It takes a closing back, by which its partner is measured; of systems only CRMs are trusted with it.',
    data: () =>
      z
        .strictObject(forEveryone({ reason: TakenBackReason }))
        .describe('A closed deal is open again: its closing no longer counts, and the engagement is back in Sell.'),
  }),
  EngagementWithdrawn: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'It ends what a partner is measured by; of systems only CRMs are trusted with it.',
    data: () =>
      z
        .strictObject(forEveryone({ reason: TakenBackReason }))
        .describe('The record of the engagement was deleted or given up in its source. The engagement ends.'),
  }),
  EngagementReinstated: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because: 'It restores what was withdrawn; of systems only CRMs are trusted with it.',
    data: () =>
      z
        .strictObject(forEveryone({ reason: TakenBackReason }))
        .describe('A withdrawn engagement is restored. It goes on where it was.'),
  }),
};
