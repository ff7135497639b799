// Which function records what happens in Sell? This one: opportunities, and the engagement they open.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('sell');
