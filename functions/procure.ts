// Which function records what happens in Procure: orders, subscriptions and money?
// Lambda calls it with messages of procure's queue; it appends to the events table.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('procure');
