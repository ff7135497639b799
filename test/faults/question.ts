// Which story does the pipeline live through while the parts of a long question are killed?

import { about, day, observing, opened, party, won } from './sayings.ts';
import type { Scenario } from './scenario.ts';

/** A run answers what other thresholds would have changed: of all engagements, and of a partner's. */
export const question: Scenario = {
  name: 'a run answers a question',
  timed: true,
  only: /Answer|Failures/,
  play: async ({ send, settle, record, askLong, refuse, at }) => {
    await record('policy-1', observing(at));
    await settle();
    await send(opened(-400 * day, { leadPartner: party('partner-1') }), won(-378 * day));
    await send(about('RouteAgreed', -390 * day, { route: 'direct' }));
    await settle();
    const asked = { set: { 'P5.5': { direct: 5 } }, from: at(-395 * day), to: at(-1) };
    // Why a part failed is kept, and it is answered again.
    refuse({ function: 'Answer', operation: 'PutItem', on: 'Answers' });
    await askLong('/v1/what-if', asked);
    await askLong('/v1/what-if', { ...asked, partner: 'crm/account/partner-1' });
  },
};
