// Does a policy set any rule's own thresholds, within their bounds, and nothing else?
import { describe, expect, it } from 'vitest';
import {
  engagementThresholds,
  patternNames,
  ruleIds,
  ruleOf,
  rules,
  rulesOnPartners,
  thresholdsSchema,
} from '../../../domain/patterns/catalog.ts';

describe('the rules', () => {
  it('have an id each, of which their pattern is a part', () => {
    expect(ruleIds).toEqual([...new Set([...rules, ...rulesOnPartners].map(({ id }) => id))].sort());
    expect(ruleIds).toContain('P2.4');
    for (const { id, pattern } of rules) expect(id.startsWith(`P${patternNames.indexOf(pattern) + 1}.`)).toBe(true);
  });

  it('are found by their ids', () => {
    for (const rule of rules) expect(ruleOf(rule.id)).toBe(rule);
    expect(ruleOf('P9.9')).toBeUndefined();
  });
});

describe('the thresholds of a policy', () => {
  const set = (thresholds: object) => thresholdsSchema().safeParse(thresholds).success;

  it('are those of any rules, and of each any part', () => {
    expect(set({})).toBe(true);
    expect(thresholdsSchema().parse({ 'P5.6': { businessDays: 7 }, 'P2.5': { points: 20 } })).toMatchObject({
      'P5.6': { businessDays: 7 },
      'P2.5': { points: 20 },
    });
    expect(set({ 'P5.6': {} })).toBe(true);
  });

  it('are none of an unknown rule or name, and none out of bounds', () => {
    expect(set({ 'P9.9': {} })).toBe(false);
    expect(set({ 'P5.6': { days: 7 } })).toBe(false);
    expect(set({ 'P5.6': { businessDays: 0 } })).toBe(false);
    expect(set({ 'P2.5': { points: -1 } })).toBe(false);
  });

  it('of engagements alone leave out those of partners', () => {
    expect(engagementThresholds().safeParse({ 'P5.6': { businessDays: 7 } }).success).toBe(true);
    expect(engagementThresholds().safeParse({ 'P2.5': { points: 20 } }).success).toBe(false);
  });
});
