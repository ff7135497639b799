// How does the sample say that its history was kept well? By a policy of its tenant: what was not said then, did not happen then.
// playSample.ts and the faults call it, before the first message; it sends an HTTP request to the local runtime.

import { patientFetch } from '../local/http/patientFetch.ts';
import { mintToken } from '../local/http/tokens.ts';
import type { Runtime } from '../local/runtime.ts';
import { seasonal, smallDeal, yearly } from './innocents.ts';

/** The years before the sample's last day since which everything is recorded: all that it tells came later. */
const years = 3;

/** The policy of a channel whose history is observed from its beginning on. It is judged by it from then on, too. */
export const policyOfHistory = (today: string) => {
  const begun = `${Number(today.slice(0, 4)) - years}-01-01T00:00:00.000Z`;
  const inEach = (amountMinor: number) => ['EUR', 'GBP', 'USD'].map((currency) => ({ amountMinor, currency }));
  return {
    ...{ policyVersion: 1, effectiveFrom: begun, observedFrom: { '*': begun } },
    labourRates: inEach(9_000),
    smallDeals: inEach(smallDeal),
    quietMonths: { [seasonal.segment]: seasonal.quietMonths },
    reportingDays: { [yearly.tier]: yearly.days },
  };
};

/** Publishes the policy, as the tenant's own people; said again, it adds nothing. Rejects with the answer if it is not accepted. */
export const publishPolicy = async (
  { url, issuer, plan }: Pick<Runtime, 'url' | 'issuer' | 'plan'>,
  { tenant, today }: { readonly tenant: string; readonly today: string },
): Promise<void> => {
  const person = { role: 'vendor', tenant, subject: 'sample', seconds: 600 } as const;
  const token = await mintToken({ issuer, functions: plan.functions }, person);
  const answer = await patientFetch(`${url}/v1/facts`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'idempotency-key': 'policy-of-history',
      'content-type': 'application/json',
    },
    // Its day is the sample's, not the instant of sending: whenever it is sent, the fact is the same.
    body: JSON.stringify({
      type: 'PolicyPublished',
      occurredAt: `${today.slice(0, 10)}T00:00:00.000Z`,
      data: policyOfHistory(today),
    }),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`the sample's policy was answered ${answer.status}: ${said}`);
};
