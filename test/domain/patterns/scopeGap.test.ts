// Is P3.6 (promised but not deliverable) raised and cleared, at its limits and after them?
import { describe, expect, test } from 'vitest';
import { uuidOf } from '../../../events/identifiers.ts';
import {
  lost,
  offerId,
  offerPublished,
  opened,
  proposed,
  renewed,
  subscribed,
  won,
} from '../../support/histories/engagementFacts.ts';
import { recorded, type Said } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const version = offerPublished('2026-01-01', { version: 1, capabilities: ['backup'] });
const promised = (at: string, capability = 'restore', said: Said<'SolutionProposed'> = {}) =>
  proposed(at, { offerId, commitments: [{ id: 'c1', capability }], ...said });
/** The subject of a commitment's flag, without the id that not everybody may see. */
const about = (id: string): string => `commitment:${uuidOf('commitment', id)}`;
const gap = (at: string, commitmentId: string | undefined = 'c1') =>
  recorded('DeviationRecorded', { kind: 'scope_gap', ...(commitmentId && { commitmentId }) }, { at });
const settled = (at: string, how: Said<'CommitmentSettled'>['how'] = 'delivered', commitmentId = 'c1') =>
  recorded('CommitmentSettled', { commitmentId, how }, { at });

const start = [version, opened('2026-02-01')];
const promise = promised('2026-03-02T10:00');

describe('P3.6 promised but not deliverable', () => {
  test('is raised once the tolerance after the proposal is over', () => {
    expect(given(...start, promise).verdictsAt('2026-03-02T10:04:59.999Z', 'P3.6')).toEqual([
      expect.objectContaining({ state: 'armed', subject: about('c1') }),
    ]);
    const flag = given(...start, promise).flagAt('2026-03-02T10:05', 'P3.6');
    expect(flag).toMatchObject({
      ...{ raisedAt: '2026-03-02T10:05:00.000Z', severity: 'high', cleared: undefined, subject: about('c1') },
    });
    expect(flag.openedBy.eventId).toBe(promise.eventId);
    expect(flag.evidence).toEqual([
      expect.objectContaining({ eventId: promise.eventId }),
      expect.objectContaining({
        eventId: version.eventId,
        says: `version 1 of offer ${offerId} does not list its capability`,
      }),
    ]);
  });

  test('a capability that the offer has raises nothing', () => {
    expect(given(...start, promised('2026-03-02', 'backup')).verdictsAt('2026-06-01', 'P3.6')).toEqual([]);
  });

  test('of an offer that is not known, or lists no capability, nothing can be said', () => {
    const silent = offerPublished('2026-01-01', { version: 1 });
    expect(given(opened('2026-02-01'), promise).verdictsAt('2026-06-01', 'P3.6')).toEqual([]);
    expect(given(silent, opened('2026-02-01'), promise).verdictsAt('2026-06-01', 'P3.6')).toEqual([]);
    const bespoke = proposed('2026-03-02', { commitments: [{ id: 'c1', capability: 'restore' }] });
    expect(given(...start, bespoke).verdictsAt('2026-06-01', 'P3.6')).toEqual([]);
    expect(given(version, opened('2026-02-01', { offerId }), bespoke).flagsAt('2026-06-01', 'P3.6')).toHaveLength(1);
  });

  test('each commitment is looked at on its own', () => {
    const both = proposed('2026-03-02', {
      offerId,
      commitments: ['restore', 'backup', 'audit'].map((capability) => ({ id: capability, capability })),
    });
    const flags = given(...start, both, settled('2026-04-01', 'delivered', 'audit')).flagsAt('2026-06-01', 'P3.6');
    expect(flags.map(({ subject, cleared }) => [subject, cleared?.reason])).toEqual([
      [about('restore'), undefined],
      [about('audit'), 'commitmentDelivered'],
    ]);
  });

  test('the version that the proposal names counts, else the newest one of that time', () => {
    const second = offerPublished('2026-02-15', { version: 2, capabilities: ['restore'] });
    expect(given(...start, second, promise).verdictsAt('2026-06-01', 'P3.6')).toEqual([]);
    const first = promised('2026-03-02', 'restore', { offerVersion: 1 });
    expect(given(...start, second, first).flagsAt('2026-06-01', 'P3.6')).toHaveLength(1);
    const third = offerPublished('2026-03-10', { version: 3, capabilities: ['restore'] });
    expect(given(...start, promise, third).flagAt('2026-06-01', 'P3.6').cleared).toBeUndefined();
  });

  test.each([
    ['2026-03-02T10:05', 0],
    ['2026-03-02T10:05:00.001Z', 1],
  ])('a version that is published at %s, after the proposal, leaves %i flags', (at, flags) => {
    const soon = offerPublished(at, { version: 2, capabilities: ['restore'] });
    expect(given(...start, promise, soon).flagsAt('2026-06-01', 'P3.6')).toHaveLength(flags);
  });

  test('a named version that is published later is judged from then on', () => {
    const named = promised('2026-03-02', 'restore', { offerVersion: 2 });
    const second = offerPublished('2026-03-10T08:00', { version: 2, capabilities: ['backup'] });
    expect(given(...start, named, second).verdictsAt('2026-03-10T07:59', 'P3.6')).toEqual([]);
    expect(given(...start, named, second).flagAt('2026-06-01', 'P3.6').raisedAt).toBe('2026-03-10T08:05:00.000Z');
  });

  test.each([
    ['2026-03-02', 'the first proposal'],
    ['2026-03-12', 'a later one'],
  ])('a version that is published after the proposal of %s clears it then, with %s', (at) => {
    const named = promised(at, 'restore', { offerVersion: 2, proposalRef: 'doc:2' });
    const second = offerPublished('2026-04-10T08:00', { version: 2, capabilities: ['backup', 'restore'] });
    const story = given(...start, promise, named, second);
    expect(story.flagAt('2026-04-10T07:59', 'P3.6').cleared).toBeUndefined();
    expect(story.flagAt('2026-06-01', 'P3.6').cleared).toEqual({
      ...{ at: second.occurredAt, eventId: second.eventId, reason: 'offerHasCapability' },
    });
  });

  test('a scope gap proves it: from then on it is critical', () => {
    const proof = gap('2026-04-01');
    const proven = given(...start, promise, proof);
    expect(proven.flagAt('2026-03-31T23:59', 'P3.6').severity).toBe('high');
    const flag = proven.flagAt('2026-04-01', 'P3.6');
    expect(flag).toMatchObject({ severity: 'critical', raisedAt: '2026-03-02T10:05:00.000Z' });
    expect(flag.evidence).toContainEqual(expect.objectContaining({ eventId: proof.eventId }));
  });

  test('a scope gap of a commitment that nobody saw coming is raised by itself', () => {
    const proof = gap('2026-04-01T10:00');
    const alone = given(opened('2026-02-01'), proof, gap('2026-04-02'));
    expect(alone.verdictsAt('2026-04-01T10:04:59.999Z', 'P3.6')).toMatchObject([{ state: 'armed' }]);
    expect(alone.flagAt('2026-04-01T10:05', 'P3.6')).toMatchObject({
      severity: 'critical',
      openedBy: { eventId: proof.eventId },
    });
    expect(alone.flagAt('2026-06-01', 'P3.6').evidence).toHaveLength(2);
  });

  test('a scope gap without a commitment, and customisation of one, raise nothing', () => {
    const custom = recorded('DeviationRecorded', { kind: 'customisation', commitmentId: 'c1' }, { at: '2026-04-01' });
    const nameless = recorded('DeviationRecorded', { kind: 'scope_gap' }, { at: '2026-04-01' });
    expect(given(...start, custom, nameless).verdictsAt('2026-06-01', 'P3.6')).toEqual([]);
  });

  test.each([
    ['delivered', 'commitmentDelivered'],
    ['withdrawn', 'commitmentWithdrawn'],
    ['changeOrder', 'changeOrderAgreed'],
  ] as const)('clears once the commitment is settled: %s', (how, reason) => {
    const answer = settled('2026-05-01', how);
    for (const opening of [promise, gap('2026-03-02T10:00')])
      expect(given(...start, opening, answer).flagAt('2026-06-01', 'P3.6').cleared).toEqual({
        ...{ at: answer.occurredAt, eventId: answer.eventId, reason },
      });
    expect(
      given(...start, promise, settled('2026-05-01', how, 'c2')).flagAt('2026-06-01', 'P3.6').cleared,
    ).toBeUndefined();
  });

  test.each([
    ['2026-03-02T09:55', 0],
    ['2026-03-02T10:05', 0],
    ['2026-03-02T10:05:00.001Z', 1],
  ])('settled at %s, it leaves %i flags', (at, flags) => {
    for (const opening of [promise, gap('2026-03-02T10:00')])
      expect(given(...start, opening, settled(at, 'withdrawn')).flagsAt('2026-06-01', 'P3.6')).toHaveLength(flags);
  });

  test('a gap after it was settled opens another episode, and so does a promise after it was withdrawn', () => {
    const later = '2026-04-01';
    for (const how of ['delivered', 'withdrawn', 'changeOrder'] as const)
      expect(
        given(...start, promise, settled('2026-03-20', how), gap(later)).flagsAt(`${later}T01:00`, 'P3.6'),
      ).toHaveLength(2);
    const again = (how: 'delivered' | 'withdrawn' | 'changeOrder') =>
      given(...start, promise, settled('2026-03-20', how), promised(later)).flagsAt('2026-06-01', 'P3.6');
    expect([again('withdrawn'), again('delivered'), again('changeOrder')].map(({ length }) => length)).toEqual([
      2, 1, 1,
    ]);
  });

  test('a proposal whose offer has the capability clears it, unless a gap proved it', () => {
    const second = offerPublished('2026-03-10', { version: 2, capabilities: ['restore'] });
    const anew = promised('2026-03-11');
    expect(given(...start, promise, second, anew).flagAt('2026-06-01', 'P3.6').cleared).toMatchObject({
      ...{ eventId: anew.eventId, reason: 'offerHasCapability' },
    });
    expect(
      given(...start, promise, gap('2026-03-05'), second, anew).flagAt('2026-06-01', 'P3.6').cleared,
    ).toBeUndefined();
  });

  test('a further proposal opens no second episode', () => {
    expect(given(...start, promise, promised('2026-03-09')).flagsAt('2026-06-01', 'P3.6')).toHaveLength(1);
  });

  test('a lost deal closes it as moot, and a renewal does not', () => {
    expect(given(...start, promise, lost('2026-04-01')).flagAt('2026-06-01', 'P3.6').cleared?.reason).toBe(
      'closedMoot',
    );
    const renewal = [won('2025-03-01'), subscribed('2025-03-10', { to: '2026-03-10' })];
    const next = renewed('2026-03-09', { from: '2026-03-10', to: '2027-03-10' });
    const across = given(...start, ...renewal, promise, next);
    expect(across.flagAt('2026-06-01', 'P3.6').cleared).toBeUndefined();
    expect(across.and(settled('2026-05-01')).flagAt('2026-06-01', 'P3.6').cleared?.reason).toBe('commitmentDelivered');
  });

  test('a settlement that is recorded late, with a time before, withdraws nothing that stood before it', () => {
    const flagged = given(...start, promise);
    expect(flagged.and(settled('2026-03-02T10:03')).flagsAt('2026-06-01', 'P3.6')).toEqual([]);
    expect(flagged.and(settled('2026-03-01', 'withdrawn')).flagsAt('2026-06-01', 'P3.6')).toHaveLength(1);
  });
});
