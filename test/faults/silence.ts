// Which story has a connection in it that falls silent, and is heard again?
import { about, day, observing, opened, won } from './sayings.ts';
import type { Scenario } from './scenario.ts';

/** A handoff falls due while the connection that might have offered it is silent; it is heard again, and the rest of the time passes. */
export const silence: Scenario = {
  name: 'a connection falls silent',
  timed: true,
  only: /watched|byRaising|byConnection|Sources.*PutEvents/,
  play: async ({ expectWithin, send, settle, record, pass, at }) => {
    await expectWithin(1);
    await record('policy-1', observing(at));
    await settle();
    await send(opened(-20 * day), won(-7 * day + 90));
    await pass(0);
    await pass(66);
    await pass(60);
    await send(about('RouteAgreed', 120, { route: 'direct' }));
    await pass(6);
    await pass(16);
  },
};
