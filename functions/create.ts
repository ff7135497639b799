// Which function records what happens in Create: offers?
// Lambda calls it with messages of create's queue; it appends to the events table.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('create');
