// Do the tenants of a batch share what runs at once, so that slow or failing work of one holds up no other's?
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byGroup } from '../../../functions/aws/batchWork.ts';
import { inFairParallel, inParallel } from '../../../functions/aws/parallel.ts';

interface Piece {
  readonly tenant: string;
  readonly name: number;
}

const pieces = fc
  .array(fc.constantFrom('a', 'b', 'c', 'hangs'), { minLength: 1, maxLength: 60 })
  .map((tenants) => tenants.map((tenant, name): Piece => ({ tenant, name })));
const width = fc.integer({ min: 4, max: 12 });
const laneOf = ({ tenant }: Piece): string => tenant;

test('where all work of a tenant hangs, all work of the others is done', async () => {
  await fc.assert(
    fc.asyncProperty(pieces, width, async (items, most) => {
      const done: Piece[] = [];
      let running = 0;
      let highest = 0;
      const { promise, resolve } = Promise.withResolvers<void>();
      const all = inFairParallel(items, { laneOf, width: most }, async (piece) => {
        running += 1;
        highest = Math.max(highest, running);
        if (piece.tenant === 'hangs') await promise;
        else await Promise.resolve();
        done.push(piece);
        running -= 1;
        return piece.name;
      });
      // Only what hangs is left once nothing else has a further step.
      for (let step = 0; step < 10 * items.length; step += 1) await Promise.resolve();
      expect(done.map(({ name }) => name).sort((a, b) => a - b)).toEqual(
        items.filter(({ tenant }) => tenant !== 'hangs').map(({ name }) => name),
      );
      resolve();
      expect(await all).toEqual(items.map(({ name }) => name));
      expect(highest).toBeLessThanOrEqual(most);
    }),
    { numRuns: 60 },
  );
});

test('in a lane, work begins in order; one lane alone has all places', async () => {
  await fc.assert(
    fc.asyncProperty(pieces, width, async (items, most) => {
      const begun: Piece[] = [];
      let [running, highest] = [0, 0];
      await inFairParallel(items, { laneOf: () => 'one', width: most }, async (piece) => {
        begun.push(piece);
        running += 1;
        highest = Math.max(highest, running);
        await Promise.resolve();
        running -= 1;
      });
      expect(begun).toEqual(items);
      expect(highest).toBe(Math.min(most, items.length));
    }),
    { numRuns: 60 },
  );
});

test('of a batch, the groups of a tenant that hangs hold up no other tenant’s, and a group keeps its order', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const done: string[] = [];
  const work = byGroup<string>({
    keyOf: (item) => item.slice(0, 2),
    tenantOf: (item) => item.slice(0, 1),
    atOnce: 4,
    work: async (group) => {
      if (group[0]?.startsWith('x')) await promise;
      if (group[0]?.startsWith('b2')) throw new Error('b2 fails');
      done.push(group.join(' '));
      return group.map(() => undefined);
    },
  });
  const slow = Array.from({ length: 20 }, (_, index) => `x${String.fromCharCode(97 + index)}`);
  const all = work([...slow, 'b1-1', 'b2-1', 'b3-1', 'b1-2', 'b3-2', 'c1-1']);
  for (let step = 0; step < 100; step += 1) await Promise.resolve();
  expect(done.toSorted()).toEqual(['b1-1 b1-2', 'b3-1 b3-2', 'c1-1']);
  resolve();
  const answers = await all;
  expect(answers.map((answer) => answer?.reason)).toEqual([
    ...slow.map(() => undefined),
    ...[undefined, 'Error: b2 fails', undefined, undefined, undefined, undefined],
  ]);
});

test('after an error nothing more is begun', async () => {
  const items = Array.from({ length: 40 }, (_, index) => index);
  const fails = (run: (work: (item: number) => Promise<void>) => Promise<unknown>) => async () => {
    const begun: number[] = [];
    const all = run(async (item) => {
      begun.push(item);
      await Promise.resolve();
      if (item === 3) throw new Error('fails');
    });
    await expect(all).rejects.toThrow('fails');
    const then = begun.length;
    for (let step = 0; step < 100; step += 1) await Promise.resolve();
    expect(begun.length).toBe(then);
    expect(then).toBeLessThan(items.length);
  };
  await fails((work) => inParallel(items, 4, work))();
  await fails((work) => inFairParallel(items, { laneOf: (item) => item % 2, width: 4 }, work))();
});
