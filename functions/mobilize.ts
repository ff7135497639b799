// Which function records what happens in Mobilize? This one: parties and campaigns.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('mobilize');
