// Which function records what the pipeline itself needs to know? This one: identity links, policies, retractions, sources.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('control');
