// Which function records what happens in Deliver: the work until the customer goes live?
// Lambda calls it with messages of deliver's queue; it appends to the events table.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('deliver');
