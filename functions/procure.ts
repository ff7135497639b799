// Which function records what happens in Procure? This one: orders, subscriptions and money.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('procure');
