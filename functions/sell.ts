// Which function records what happens in Sell: opportunities, and the engagements that they open?
// Lambda calls it with messages of sell's queue; it appends to the events table.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('sell');
