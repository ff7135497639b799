// Does a new secret replace those before it, so that each of them holds until its time and no longer?
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMilliseconds } from '../../../events/instant.ts';
import { firstSecret, replacedSecret, secretsIn } from '../../../functions/intake/secretParameter.ts';

const now = '2026-12-01T00:00:00.000Z';
const tomorrow = '2026-12-02T00:00:00.000Z';
const hour = 3_600_000;

describe('a secret', () => {
  it('that is the first holds without an end', () => {
    expect(secretsIn(firstSecret('a'), '2999-01-01T00:00:00.000Z')).toEqual(['a']);
    expect(secretsIn(replacedSecret(undefined, { secret: 'a', now, until: tomorrow }), tomorrow)).toEqual(['a']);
  });

  it.each(['whsec_bare', firstSecret('whsec_bare'), '{"secrets":["whsec_bare"]}'])(
    'that is replaced holds until then: %s',
    (before) => {
      const after = replacedSecret(before, { secret: 'new', now, until: tomorrow });
      expect(secretsIn(after, now)).toEqual(['new', 'whsec_bare']);
      expect(secretsIn(after, '2026-12-01T23:59:59.999Z')).toEqual(['new', 'whsec_bare']);
      expect(secretsIn(after, tomorrow)).toEqual(['new']);
    },
  );

  it('that ends at once is not even stored', () => {
    expect(replacedSecret(firstSecret('old'), { secret: 'new', now, until: now })).toBe('{"secrets":["new"]}');
  });

  it('that is given again is the newest, and holds without an end', () => {
    const once = replacedSecret(firstSecret('a'), { secret: 'b', now, until: tomorrow });
    const back = replacedSecret(once, { secret: 'a', now, until: tomorrow });
    expect(secretsIn(back, now)).toEqual(['a', 'b']);
    expect(secretsIn(back, tomorrow)).toEqual(['a']);
  });

  it('is found in what older code wrote: all of its secrets hold', () => {
    expect(secretsIn('{"secrets":["a","b"]}', now)).toEqual(['a', 'b']);
  });
});

it('through any rotations the newest always holds, and each other one exactly until the earliest end that was said', () => {
  const step = fc.record({ after: fc.integer({ min: 0, max: 48 }), holds: fc.integer({ min: 0, max: 48 }) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 72 }), (steps, later) => {
      let text = firstSecret('s0');
      let at = now;
      let ends: readonly { readonly secret: string; readonly end: string | null }[] = [{ secret: 's0', end: null }];
      for (const [index, { after, holds }] of steps.entries()) {
        at = addMilliseconds(at, after * hour);
        const until = addMilliseconds(at, holds * hour);
        const secret = `s${index + 1}`;
        text = replacedSecret(text, { secret, now: at, until });
        const before = ends.map((each) => ({ ...each, end: each.end !== null && each.end < until ? each.end : until }));
        ends = [{ secret, end: null }, ...before];
      }
      const asked = addMilliseconds(at, later * hour);
      const expected = ends.filter(({ end }) => end === null || end > asked).map(({ secret }) => secret);
      expect(secretsIn(text, asked)).toEqual(expected);
    }),
  );
});
