// Which function records what happens in Report? This one: use and outcomes.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('report');
