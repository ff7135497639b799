// Which facts say that two engagements are one?
// These names are the storage format: new names may be added, but none may change.
import * as z from 'zod';
import { forVendor } from '../audience.ts';
import { define } from '../definition.ts';
import { Id } from '../fields.ts';

const engagementStream = Id.describe('The stream of an engagement: `<tenant>/engagement/<id>`.');

const how = z
  .enum(['duplicate', 'combined'])
  .describe(
    '`duplicate`: both tell of one sale, and what the survivor says of the deal counts. `combined`: two deals became one sale, and their values add.',
  );

export const mergingEvents = {
  EngagementMerged: define({
    version: 1,
    streams: ['engagement'],
    saidBy: ['vendor', 'system'],
    because:
      'It decides to whose engagement facts belong, and by that who is measured on them: people of the vendor say it, and translate where a message itself names two engagements as one.',
    data: () =>
      z
        .strictObject(forVendor({ into: engagementStream.describe('The stream of the survivor.'), how }))
        .describe(
          'The engagement is merged into another one. Its facts count there from now on, and later ones are recorded there. Taking the fact back gives them all back.',
        ),
  }),
  EngagementAbsorbed: define({
    version: 1,
    streams: ['engagement'],
    saidBy: [],
    because: 'The pipeline concludes it from EngagementMerged.',
    data: () =>
      z
        .strictObject(
          forVendor({ from: engagementStream.describe('The stream of the engagement that was merged.'), how }),
        )
        .describe(
          'Another engagement was merged into this one. It says where to look: whether the merge stands, the other stream says.',
        ),
  }),
};
