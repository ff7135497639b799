// Which function records what happens in Report: usage and outcomes?
// Lambda calls it with messages of report's queue; it appends to the events table.
import { stageFunction } from './stages/stageFunction.ts';

export const handler = stageFunction('report');
