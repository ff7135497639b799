// What can be asked that only a run answers? For journeys that use every grant: of all and of a partner's engagements, read and cancelled.
import { expect } from 'vitest';
import * as z from 'zod';

export interface Asking {
  readonly url: string;
  /** Of the tenant's own people. */
  readonly token: string;
  readonly partner: string;
  /** Until when flags are asked for. */
  readonly to: string;
  readonly drained: () => Promise<void>;
}

const Begun = z.looseObject({ place: z.string() });
const Answer = z.looseObject({ status: z.string() });

/** Asks, waits, reads the answer, and cancels a run. */
export const askLong = async ({ url, token, partner, to, drained }: Asking): Promise<void> => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const ask = async (also: object): Promise<string> => {
    const body = JSON.stringify({ set: { 'P4.1': { days: 30 } }, from: '2025-01-01T00:00:00.000Z', to, ...also });
    const answer = await fetch(`${url}/v1/what-if`, { method: 'POST', headers, body });
    expect(answer.status).toBe(202);
    return Begun.parse(await answer.json()).place;
  };
  for (const also of [{}, { partner }]) {
    const place = await ask(also);
    await drained();
    const answer = await fetch(`${url}${place}`, { headers });
    expect(Answer.parse(await answer.json()).status).toBe('done');
    const kept = await fetch(`${url}${place}`, { method: 'DELETE', headers });
    expect(Answer.parse(await kept.json()).status).toBe('done');
  }
  // One that is cancelled before it is over; a quick machine may need several.
  for (let [days, status] = [31, 'done']; status !== 'cancelled'; days += 1) {
    expect(days, 'no run could be cancelled in time').toBeLessThan(41);
    const place = await ask({ set: { 'P4.1': { days } } });
    status = Answer.parse(await (await fetch(`${url}${place}`, { method: 'DELETE', headers })).json()).status;
    await drained();
  }
};
