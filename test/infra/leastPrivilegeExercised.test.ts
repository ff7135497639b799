// Does every function do its work with what it is granted, and is anything granted that no work needs?
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { manualClock } from '../../infra/local/clock.ts';
import { type AuthorisedApp, startAuthorisedApp } from '../support/authorisedApp.ts';
import { playWholeJourney } from '../support/wholeJourney.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const clock = manualClock(Date.parse('2026-11-23T10:00:00.000Z'));
let app: AuthorisedApp;
beforeAll(async () => {
  app = await startAuthorisedApp({
    clock,
    timing: { backoff: 1, longestBackoff: 5 },
    output: (name, text) => process.env.SEE && console.log(name, text),
  });
  await playWholeJourney({ runtime: app.runtime, clock });
});
afterAll(() => app.stop());

describe('the way of every fact', () => {
  it('is gone without a single denial', () => {
    expect(app.denied).toEqual([]);
    console.log(
      app
        .allowed()
        .map((n) => `${n.caller} ${n.action} ${n.resource}`)
        .sort()
        .join('\n'),
    );
  });
});
