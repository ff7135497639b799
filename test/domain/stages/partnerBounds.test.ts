// Can a partner fill an engagement up until nobody's rows of it can be written?
import { describe, it } from 'vitest';
import { mostByPartners } from '../../../domain/stages/partnerBounds.ts';
import { fact, type RecordedOptions, recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const partner = { role: 'partner', partyId: 'p1' } as const;
const another = { role: 'partner', partyId: 'p2' } as const;
const vendor = { role: 'vendor' } as const;

const opened = recorded('EngagementOpened', {}, { at: '2026-01-01' });

describe('an engagement', () => {
  const work = (index: number, saidBy?: RecordedOptions['saidBy']) =>
    recorded(
      'WorkLogged',
      { workId: `w${index}`, category: 'support', minutes: 1 },
      { at: '2026-02-01', ...(saidBy !== undefined && { saidBy }) },
    );
  const full = given(opened, ...Array.from({ length: mostByPartners }, (_, index) => work(index, partner)));
  const next = (saidBy: RecordedOptions['saidBy'], more: Pick<RecordedOptions, 'actor'> = {}) =>
    fact('WorkLogged', { workId: 'next', category: 'support', minutes: 1 }, { at: '2026-02-02', ...more, saidBy });

  it('can’t be filled up by partners, so that its rows could not be written any more', () => {
    full.when(next(partner, { actor: 'pat' })).isRefused('tooManyFacts');
    full.when(next(another)).isRefused('tooManyFacts');
    full.when(next(vendor, { actor: 'vera' })).isAccepted();
    full.when(next(undefined)).isAccepted();
  });

  it('takes no huge fact of a partner', () => {
    const expectations = (count: number) => Array.from({ length: count }, () => ({ textRef: 'x'.repeat(1024) }));
    const offered = (count: number, saidBy: RecordedOptions['saidBy']) =>
      fact(
        'HandoffOffered',
        { handoffId: 'h1', fromStage: 'sell', toStage: 'deliver', expectations: expectations(count) },
        { at: '2026-02-02', actor: 'x', saidBy },
      );
    given(opened).when(offered(40, partner)).isRefused('eventTooLarge');
    given(opened).when(offered(20, partner)).isAccepted();
    given(opened).when(offered(40, vendor)).isAccepted();
  });
});
