// What does `npm start` show on an empty data directory? It sends a sample channel's messages through the real API, and sums up the rows that result.
import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { dataFiles } from '../local/core/dataDirectory.ts';
import { playSample } from '../sample/playSample.ts';
import { readMark } from '../sample/progressMark.ts';
import { summarise } from '../sample/sampleSummary.ts';
import { sampleText } from '../sample/sampleText.ts';
import { notePartnerBus } from '../sample/systems.ts';
import type { Sample } from './start.ts';

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
    const channel = await playSample({ runtime, progress });
    const findings = await summarise(runtime, channel);
    const dataDir = relative(process.cwd(), resolve(runtime.dataDir)) || '.';
    return { summary: findings.summary, text: sampleText(findings, { url: runtime.url, dataDir }) };
  },
};
