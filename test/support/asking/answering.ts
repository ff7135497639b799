// How does a test let runs come to their end? By the steps that the answer function does, on the tables of an API, message by message.
import { randomUUID } from 'node:crypto';
import { type Answer, createAnswer } from '../../../functions/answer/answer.ts';
import { createRunStep, type RunMessage, type Try } from '../../../functions/answer/runSteps.ts';
import { createRunStore } from '../../../functions/answer/runStore.ts';
import { createReadScope } from '../../../functions/answer/scope.ts';
import { createRowReader } from '../../../functions/query/rowReader.ts';
import { createCachedStreams, createGrown } from '../../../functions/store/cachedStreams.ts';
import type { Api } from '../api.ts';
import type { TestEngine } from '../engine.ts';

export interface Answering {
  readonly step: (message: RunMessage, of?: Try) => Promise<void>;
  /** Does what waits, and what follows from it; answers how many messages there were. */
  settle(of?: Try): Promise<number>;
  readonly store: ReturnType<typeof createRunStore>;
}

/** `around` may watch or disturb what is answered. */
export const answeringOf = (
  { client }: TestEngine,
  api: Api,
  around: (answer: Answer) => Answer = (answer) => answer,
): Answering => {
  const grown = createGrown({ client, table: api.eventsTable, random: Math.random });
  const store = createRunStore({ client, table: api.answersTable });
  const rows = createRowReader({ client, tableOf: api.tableOf, random: Math.random });
  const step = createRunStep({
    runs: store,
    scope: createReadScope({
      store: api.store,
      rows,
    }),
    answer: around(createAnswer(createCachedStreams({ store: api.store, grown }), rows)),
    send: async (messages) => void api.sent.push(...messages),
    now: api.now,
    newId: randomUUID,
  });
  return {
    step,
    store,
    settle: async (of) => {
      let count = 0;
      for (let message = api.sent.shift(); message !== undefined; message = api.sent.shift()) {
        await step(message, of);
        count += 1;
      }
      return count;
    },
  };
};
