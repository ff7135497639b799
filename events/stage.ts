// Which stages are there, and what does entering one say? StageEntered: the handover along the pipeline, and the signal to the outside.
// These names are the storage format: they never change, they are only added to.
import * as z from 'zod';
import { forEveryone } from './audience.ts';
import { define } from './definition.ts';
import { Id } from './fields.ts';

export const stages = ['create', 'mobilize', 'sell', 'procure', 'deliver', 'report', 'renew'] as const;
export const Stage = z.enum(stages).describe('A stage of the lifecycle.');
export type Stage = z.infer<typeof Stage>;

export const stageEvents = {
  StageEntered: define({
    version: 1,
    streams: ['engagement'],
    saidBy: [],
    data: z
      .strictObject(
        forEveryone({
          stage: Stage.describe('The stage that is entered.'),
          // Its event id would differ from one restatement to the next.
          openedBy: Id.describe('The `factId` of the event that opens the stage.'),
        }),
      )
      .describe('The pipeline itself says that an event opened a stage of the engagement: once for each such event.'),
  }),
};
