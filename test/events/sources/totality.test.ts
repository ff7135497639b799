// Does every source answer any text, any JSON and any near-miss of a real message, without a throw?
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sources } from '../../../events/sources/catalog.ts';
import type { Translation } from '../../../events/sources/source.ts';
import { arrowline } from './arrowline.ts';
import { garbage, nearMiss } from './nearMisses.ts';
import { connectionTo, messageOf } from './reading.ts';

/** How many bodies of a kind each source gets: `THROUGHLINE_FUZZ_BODIES=10000` tries many more than a usual run. */
const bodies = Number(process.env.THROUGHLINE_FUZZ_BODIES ?? 500);

const sound = (translation: Translation): boolean => {
  switch (translation.outcome) {
    case 'facts': {
      const { facts, parts = [] } = translation;
      const named = parts.every(
        ({ outcome, reason, issues }) => reason !== '' && (outcome === 'ignored' || issues.length > 0),
      );
      return facts.length + parts.length > 0 && named && facts.every(({ sourceId }) => sourceId !== '');
    }
    case 'ignored':
      return translation.reason !== '';
    case 'refused':
      return translation.reason !== '' && translation.issues.length > 0;
    default:
      return translation satisfies never;
  }
};

describe.each(sources)('$name', (source) => {
  const connection = connectionTo(source, source.name === 'cloudevents' ? arrowline : {});
  const answers = (body: string) => {
    const message = messageOf(body, { 'webhook-id': 'msg_1', 'stripe-signature': body.slice(0, 80) });
    if (source.delivery.way === 'webhook') {
      const now = '2026-01-01T00:00:00.000Z';
      expect(source.delivery.verify({ message, secrets: ['whsec_x'], now }).ok).toBe(false);
    }
    const translation = source.translate(message, connection);
    expect(sound(translation), JSON.stringify(translation)).toBe(true);
    expect(source.translate(message, connection)).toEqual(translation);
  };

  it('answers any text and any JSON', () => {
    fc.assert(fc.property(garbage, answers), { numRuns: bodies });
  });

  it('answers a message with any one part changed', () => {
    fc.assert(fc.property(nearMiss, answers), { numRuns: bodies });
  });

  it('answers deeply nested text, and long text', () => {
    answers('['.repeat(100_000));
    answers(`{"a":${'{"a":'.repeat(60)}1${'}'.repeat(61)}`);
    answers(
      JSON.stringify({
        specversion: '1.0',
        id: '1',
        source: '/s',
        type: 'WorkLogged',
        subject: 'engagement/E',
        data: 'a@'.repeat(100_000),
      }),
    );
  });
});
