// What does `npm start` show? On an empty data directory it sends a sample channel's messages through the real API; then, and on every start, it sums up what is there.
import { existsSync } from 'node:fs';
import { dataFiles } from '../../local/core/dataDirectory.ts';
import { playSample } from '../../sample/playSample.ts';
import { readMark } from '../../sample/progressMark.ts';
import { sampleChannel } from '../../sample/sampleChannel.ts';
import { type SampleKnown, sampleKnown } from '../../sample/sampleSummary.ts';
import { notePartnerBus } from '../../sample/systems.ts';
import type { Sample } from './start.ts';
import { summarise } from './summary.ts';
import { summaryText } from './summaryText.ts';

/** What the sample of a data directory knows; undefined where none was played to its end. */
const sampleIn = (dataDir: string): SampleKnown | undefined => {
  const mark = readMark(dataDir);
  return mark?.done === true ? sampleKnown(sampleChannel(mark), mark.today) : undefined;
};

/** Plays the sample on an empty data directory, and continues a sample that was interrupted. */
export const firstRun: Sample = {
  prepare: (dataDir) => {
    const mark = readMark(dataDir);
    if (mark !== undefined) return !mark.done;
    if (existsSync(dataFiles.queues(dataDir))) return false;
    if (existsSync(dataDir)) notePartnerBus(dataDir);
    return true;
  },
  play: async (runtime, progress) => {
    await playSample({ runtime, progress });
  },
  summarise: async (runtime, { once, underWay }) => {
    const findings = await summarise(runtime, sampleIn(runtime.dataDir));
    const { url, dataDir } = runtime;
    return { summary: findings.summary, text: summaryText(findings, { url, dataDir, once, underWay }) };
  },
};
