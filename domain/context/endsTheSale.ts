// Does a renewal end the sale before it, so that what is said of a closing from then on is about another sale?
import type { RecordedOf } from '../../events/catalog.ts';
import { epochOf } from '../../events/instant.ts';
import { renewalDays } from './policy.ts';

const dayLength = 86_400_000;

/** Whether a renewal ends the sale before it: its closings can't be reopened any more. Terms under `renewalDays` end none. */
export const endsTheSale = ({ data }: RecordedOf<'SubscriptionRenewed'>): boolean =>
  data.termEnd === undefined || (epochOf(data.termEnd) - epochOf(data.termStart)) / dayLength >= renewalDays;
