// Which function records what happens in Mobilize: parties and campaigns?
// Lambda calls it with messages of mobilize's queue; it appends to the events table.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('mobilize');
