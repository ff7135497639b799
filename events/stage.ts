// Which stages are there, and which event says that an engagement entered one?
// These names are the storage format: new names may be added, but none may change.
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
    because: 'It follows from the event that opens the stage.',
    data: () =>
      z
        .strictObject(
          forEveryone({
            stage: Stage.describe('The stage that is entered.'),
            // A restatement has another event id, but the same `factId`.
            openedBy: Id.describe('The `factId` of the event that opens the stage.'),
          }),
        )
        .describe('An event opened a stage of the engagement. The pipeline records this once for each such event.'),
  }),
};
