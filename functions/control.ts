// Which function records the pipeline's own facts: identity links, policies, retractions and sources?
// Lambda calls it with messages of control's queue; it appends to the events table.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('control');
