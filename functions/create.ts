// Which function records what happens in Create? This one: offers.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('create');
