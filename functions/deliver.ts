// Which function records what happens in Deliver? This one: the work until the customer goes live.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('deliver');
