// Does a run of translate-again come to the same end wherever a page crashes?
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { againOf, milestoneRule, workRule } from '../../support/intake/againRuns.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';

// Many runs, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

/** The call at which the process crashes, before or after the call is done. */
interface Cut {
  readonly at: number;
  readonly done: boolean;
  calls: number;
}

const cutOff = new AsyncLocalStorage<Cut>();
let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
  engine.client.middlewareStack.add(
    (next) => async (args) => {
      const cut = cutOff.getStore();
      if (cut === undefined) return await next(args);
      cut.calls += 1;
      if (cut.calls > cut.at || (cut.calls === cut.at && !cut.done)) throw new Error('cut off');
      const answer = await next(args);
      if (cut.calls === cut.at) throw new Error('cut off');
      return answer;
    },
    { step: 'initialize' },
  );
});
afterAll(() => engine.stop());

/** Offers the receipts that the crash left open, as sweep does. */
const sweep = async (intake: Intake): Promise<void> => {
  const open = (await intake.receiptRows()).filter(({ status }) => status === 'pending');
  const offers = open.map(({ partition, id }) => ({ receipt: { partition, id } }));
  expect(await intake.newTranslate()(intake.queued(offers))).toEqual({ batchItemFailures: [] });
};

/** Works a run off; the page that crashes is delivered again. Returns how many calls were made by then. */
const runCut = async (at: number, done: boolean): Promise<number> => {
  const intake = await startIntake({ client: engine.client });
  const again = againOf(intake);
  await again.map(1, [milestoneRule]);
  for (const deal of ['w-1', 'w-2', 'w-3']) await again.say(deal, { deal });
  await again.map(2, [workRule()]);
  const cut: Cut = { at, done, calls: 0 };
  let due: readonly object[] = [again.firstPage({ apply: true })];
  while (due.length > 0) {
    for (const page of due) {
      const message = intake.queued([page]);
      const first = cut.calls < at ? await cutOff.run(cut, () => intake.newTranslate()(message)) : undefined;
      if (first !== undefined && first.batchItemFailures.length === 0) continue;
      expect(await intake.newTranslate()(message)).toEqual({ batchItemFailures: [] });
    }
    due = intake.sentAgain.splice(0);
    await sweep(intake);
    await intake.settle();
  }
  const where = `cut ${done ? 'after' : 'before'} call ${at}`;
  const rows = (await intake.receiptRows()).map(({ status, streams }) => ({ status, streams }));
  expect(rows, where).toMatchObject(Array(3).fill({ status: 'translated', streams: [expect.any(String)] }));
  for (const workId of ['w-1', 'w-2', 'w-3']) {
    expect(await again.standing(workId), where).toMatchObject([{ type: 'WorkLogged', workId }]);
    expect(await again.events(workId), where).toHaveLength(3);
  }
  expect(await again.run({ apply: true }), where).toMatchObject({ adds: [], retracts: [], stays: [], now: [] });
  return cut.calls;
};

/** `THROUGHLINE_CRASHES=all` takes every call; a usual run takes every fourth. */
const step = process.env.THROUGHLINE_CRASHES === 'all' ? 1 : 4;

test.each([false, true])('cut off at any call, after the call is done: %s', async (done) => {
  let at = 1;
  while ((await runCut(at, done)) >= at) at += step;
  expect(at).toBeGreaterThan(40);
});
