// Which function records what happens in Renew? This one: renewals, changes and endings.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('renew');
