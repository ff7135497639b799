// Which function records what happens in Deliver? This one: the work until the customer goes live.
import { stageFunction } from './runtime/stageFunction.ts';

export const handler = stageFunction('deliver');
