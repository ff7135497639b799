// Does Create accept offers whose versions follow each other, and believe a system's version?
import { describe, it } from 'vitest';
import { streamIdOf } from '../../events/identifiers.ts';
import { given } from '../support/histories/decisions.ts';
import { fact, recorded, tenantId } from '../support/histories/events.ts';

const stream = streamIdOf(tenantId, 'offer', 'governed-workplace');
const offer = (version: number) => ({
  offerId: 'governed-workplace',
  version,
  components: [{ componentId: 'licence', kind: 'base_licence' as const }],
});
const first = recorded('OfferPublished', offer(1), { at: '2026-01-05', stream });
const actor = 'ada';

describe('an offer', () => {
  it('is published as version 1', () => {
    given()
      .when(fact('OfferPublished', offer(1), { at: '2026-01-05', stream, actor }))
      .accepted();
  });

  it('is published again as the next version', () => {
    given(first)
      .when(fact('OfferPublished', offer(2), { at: '2026-02-05', stream, actor }))
      .accepted();
  });

  it('is refused when it skips or repeats a version', () => {
    given(first)
      .when(fact('OfferPublished', offer(3), { at: '2026-02-05', stream, actor }))
      .refused('offerVersionNotNext', /publish version 2, not 3/);
    given(first)
      .when(fact('OfferPublished', offer(1), { at: '2026-02-05', stream, actor, sourceId: 'another key' }))
      .refused('offerVersionNotNext');
  });

  it('may be corrected at the same version, by an event that supersedes it', () => {
    given(first)
      .when(
        fact(
          'OfferPublished',
          { ...offer(1), templateRef: 'template:1' },
          { at: '2026-02-05', stream, actor, supersedes: first.eventId },
        ),
      )
      .accepted();
  });

  it('is accepted from a system, whatever its version', () => {
    given(first)
      .when(fact('OfferPublished', offer(7), { at: '2026-02-05', stream }))
      .accepted();
  });

  it('adds nothing if it is said twice', () => {
    given(first)
      .when(fact('OfferPublished', offer(1), { at: '2026-01-05', stream }))
      .unchanged(first);
  });

  it('is retired once, and only if it was published', () => {
    const retire = fact('OfferRetired', { offerId: 'governed-workplace' }, { at: '2026-03-05', stream, actor });
    const retired = recorded('OfferRetired', { offerId: 'governed-workplace' }, { at: '2026-02-05', stream });
    given(first).when(retire).accepted();
    given()
      .when(retire)
      .refused('offerUnknown', /governed-workplace/);
    given(first, retired)
      .when(retire)
      .refused('offerAlreadyRetired', new RegExp(`${retired.eventId} already retired`));
  });

  it('follows the newest of its versions, also after its retirement', () => {
    const second = recorded('OfferPublished', offer(2), { at: '2026-02-05', stream });
    const retired = recorded('OfferRetired', { offerId: 'governed-workplace' }, { at: '2026-03-05', stream });
    given(first, second, retired)
      .when(fact('OfferPublished', offer(3), { at: '2026-04-05', stream, actor }))
      .accepted();
  });

  it('belongs to an offer stream', () => {
    given()
      .when(fact('OfferPublished', offer(1), { at: '2026-01-05' }))
      .refused('wrongStream', /stream of kind engagement/);
  });
});
