// Does a score lie on its scale?
import type { EventData } from '../events/catalog.ts';

/** The least and the greatest score of each scale (net promoter score; customer satisfaction score). */
const bounds: Readonly<Record<EventData<'SatisfactionRecorded'>['scale'], readonly [number, number]>> = {
  nps: [0, 10],
  csat: [1, 5],
};

/** Whether a score lies on its scale: whole numbers from 0 to 10 for nps, any from 1 to 5 for csat. */
export const isOnScale = ({ scale, score }: EventData<'SatisfactionRecorded'>): boolean => {
  const [least, greatest] = bounds[scale];
  return score >= least && score <= greatest && (scale === 'csat' || Number.isInteger(score));
};
