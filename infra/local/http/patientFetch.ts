// What does our own client do when the API has more to do than it can? It comes again when the answer says so, as other clients should.
// The commands and the summary call it; it sends HTTP requests.
import { setTimeout as delay } from 'node:timers/promises';

const attempts = 20;
/** A longer wait than this is the person's decision. */
const longestWait = 30;

/** The seconds after which the answer invites to come again; undefined where it doesn't. */
function invitedAfter({ status, headers }: Response): number | undefined {
  if (status !== 503 && status !== 429 && status !== 507) return undefined;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return seconds >= 0 && seconds <= longestWait ? seconds : undefined;
}

/** `fetch`, again after each answer that says when to come again: such a request was not begun. The last answer is returned as it is. */
export async function patientFetch(
  url: string,
  init: RequestInit = {},
  wait: (seconds: number) => Promise<unknown> = (seconds) => delay(seconds * 1000),
): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(url, init);
    const seconds = invitedAfter(answer);
    if (seconds === undefined || attempt === attempts) return answer;
    await answer.arrayBuffer();
    await wait(seconds);
  }
}
