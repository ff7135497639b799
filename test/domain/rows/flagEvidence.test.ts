// Does each piece of a flag's evidence stand in a row of its own, of engagements and of partners?
import { describe, expect, it } from 'vitest';
import { flagEvidence } from '../../../domain/rows/flagEvidence.ts';
import type { Row } from '../../../domain/rows/row.ts';
import { instant, recorded } from '../../support/histories/events.ts';
import { engagement } from '../../support/histories/revenue.ts';
import { monthsAt } from '../../support/rolledUp.ts';
import { org, partyId, tableAt } from '../../support/tabled.ts';

const read = (rows: readonly Row[]) =>
  rows.flatMap(({ rowKey, columns }) => flagEvidence.rowsIn({ ...columns, rowKey }));

const opened = recorded('EngagementOpened', { leadPartner: org('p') }, { at: '2026-01-05' });
const won = recorded('DealClosed', { result: 'won' }, { at: '2026-02-01' });
const ofRule = (rule: string, now: string) =>
  read(tableAt('flags', now, [opened, won])).filter((piece) => piece.rule === rule);

describe('a piece of evidence', () => {
  it('names its flag, its rule, who led and where it stands among the pieces', () => {
    const [flag] = tableAt('flags', '2026-02-02', [opened, won]).filter(({ columns }) => columns.rule === 'P1.1');
    const pieces = ofRule('P1.1', '2026-02-02');
    expect(pieces.length).toBeGreaterThan(0);
    expect(pieces.map(({ ordinal }) => ordinal)).toEqual(pieces.map((_, index) => index + 1));
    for (const piece of pieces) {
      expect(piece).toMatchObject({
        ...{ flagId: flag?.columns.flagId, pattern: flag?.columns.pattern, engagementId: flag?.columns.engagementId },
        ...{ leadPartnerId: partyId('p'), ledBy: partyId('p'), partnerId: null },
      });
      expect(piece.rowKey).toBe(`${flag?.rowKey}#000${piece.ordinal}`);
    }
  });

  it('is an event: its id, its type, when it happened and what it shows', () => {
    expect(ofRule('P1.1', '2026-02-02')).toContainEqual(
      expect.objectContaining({
        ...{ kind: 'event', eventId: won.eventId, lastEventId: won.eventId, type: 'DealClosed' },
        ...{ occurredAt: instant('2026-02-01'), silentFrom: null, dueAt: null, value: null, valueText: null },
      }),
    );
  });

  it('is a silence: what did not come, from when until when, and what made it necessary', () => {
    const silence = ofRule('P3.2', '2026-03-01').find(({ kind }) => kind === 'silence');
    expect(silence).toMatchObject({ type: 'HandoffOffered', eventId: won.eventId, occurredAt: null });
    expect([silence?.silentFrom, silence?.dueAt].every((at) => typeof at === 'string')).toBe(true);
  });

  it('is a value beside its threshold: a number, or another text', () => {
    const flag = { rowKey: 'e1#f', flagId: 'f', openedByEvent: 'opener' };
    const value = (measure: number | string) => ({
      kind: 'value',
      name: 'the route',
      value: measure,
      threshold: measure,
    });
    expect(flagEvidence.rowsIn({ ...flag, evidence: [value(0), value('direct')] })).toMatchObject([
      {
        says: 'the route',
        value: 0,
        threshold: 0,
        valueText: null,
        thresholdText: null,
        lastEventId: 'opener',
        eventId: null,
      },
      { says: 'the route', value: null, threshold: null, valueText: 'direct', thresholdText: 'direct' },
    ]);
  });

  it('is of a partner, in the engagement where it happened', () => {
    const wins = Array.from({ length: 6 }, (_, index) => {
      const first = engagement(`many-${index}`).opened('2026-01-01', { lead: 'p' });
      return [
        first,
        recorded('DealClosed', { result: 'won' }, { at: `2026-02-0${index + 1}`, stream: first.streamId }),
      ];
    }).flat();
    const flags = [...monthsAt('partner_flags', '2026-03-01', wins)].map(([rowKey, columns]) => ({
      ...columns,
      rowKey,
    }));
    const pieces = flags.flatMap(flagEvidence.rowsIn);
    expect(pieces.map(({ kind, engagementId }) => [kind, engagementId])).toEqual([
      ...Array.from({ length: 6 }, (_, index) => ['event', `many-${index}`]),
      ['value', null],
    ]);
    expect(new Set(pieces.map((piece) => [piece.partnerId, piece.rule].join()))).toEqual(
      new Set([`${partyId('p')},P2.6`]),
    );
  });
});

it('a flag without evidence, or whose evidence is not shown, has no rows', () => {
  expect(flagEvidence.rowsIn({ rowKey: 'e1#f', evidence: [] })).toEqual([]);
  expect(flagEvidence.rowsIn({ rowKey: 'e1#f', evidence: null })).toEqual([]);
});
