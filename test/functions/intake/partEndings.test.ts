// What does a receipt keep of its parts?
import { describe, expect, test } from 'vitest';
import { keptParts } from '../../../functions/intake/partEndings.ts';

describe('what a receipt keeps of its parts', () => {
  test('is bounded: a hundred of them, the worst first, 12 KB, and a count of the rest', () => {
    const issues = Array.from({ length: 9 }, (_, index) => ({ path: `p${index}`, message: 'm'.repeat(5000) }));
    const many = (status: 'refused' | 'translated', count: number, given: object = {}) =>
      Array.from({ length: count }, (_, index) => ({ path: `${status}${index}`, status, ...given }));
    const few = keptParts([...many('translated', 150), ...many('refused', 2, { reason: 'r', issues })]);
    expect(few.parts).toHaveLength(100);
    expect(few.parts?.[0]).toMatchObject({ status: 'refused', issues: [{}, {}, {}] });
    expect(few.moreParts).toEqual({ translated: 52 });
    const all = keptParts(many('refused', 500, { reason: 'r'.repeat(900), issues }));
    expect(JSON.stringify(all.parts).length).toBeLessThan(13_000);
    expect((all.parts?.length ?? 0) + (all.moreParts?.refused ?? 0)).toBe(500);
  });
});
