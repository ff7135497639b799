// Which function records what happens in Mobilize? This one: parties and campaigns.
import { stageFunction } from './runtime/stageFunction.ts';

export const handler = stageFunction('mobilize');
