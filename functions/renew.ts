// Which function records what happens in Renew: renewals, changes and endings?
// Lambda calls it with messages of renew's queue; it appends to the events table.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('renew');
