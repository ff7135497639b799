// Which links, merges, policies, dismissals, rates and judgements of a person does control refuse?
import { describe, it } from 'vitest';
import { fxStreamOf, identityStreamOf, streamIdOf } from '../../../events/identifiers.ts';
import { given } from '../../support/histories/decisions.ts';
import { opened } from '../../support/histories/engagementFacts.ts';
import { engagementStream, fact, instant, recorded, tenantId } from '../../support/histories/events.ts';

const actor = 'ada';
const at = '2026-06-01';
const engagement = (id: string) => streamIdOf(tenantId, 'engagement', id);

describe('a link', () => {
  const external = { system: 'crm', kind: 'opportunity', id: '1' };
  const stream = identityStreamOf(tenantId, external);
  const to = (id: string) => ({ external, to: { stream: engagement(id) }, reason: 'code:said' });
  const linked = recorded('IdentityLinked', to('e1'), { at: '2026-02-01', stream });

  it('leads an id that nobody linked anywhere, and a linked one only where it leads already', () => {
    given()
      .when(fact('IdentityLinked', to('e2'), { at, stream, actor }))
      .accepted();
    given(linked)
      .when(fact('IdentityLinked', to('e1'), { at, stream, actor, sourceId: 'again' }))
      .accepted();
    given(linked)
      .when(fact('IdentityLinked', to('e2'), { at, stream, actor }))
      .refused('needsMerge', new RegExp(`${linked.eventId} already links`));
  });
});

describe('a merge', () => {
  const into = (id: string) => fact('EngagementMerged', { into: engagement(id), how: 'duplicate' }, { at, actor });
  const merged = recorded('EngagementMerged', { into: engagement('e2'), how: 'duplicate' }, { at: '2026-02-01' });

  it('is of two engagements, once until it is taken back', () => {
    given(opened('2026-01-01')).when(into('e2')).accepted();
    given(opened('2026-01-01')).when(into('e1')).refused('mergedIntoItself');
    given(opened('2026-01-01'), merged)
      .when(into('e3'))
      .refused('alreadyMerged', /merges it into acme\/engagement\/e2/);
    const back = recorded('FactRetracted', { eventId: merged.eventId, reason: 'code:wrong' }, { at: '2026-03-01' });
    given(opened('2026-01-01'), merged, back).when(into('e3')).accepted();
  });

  it('of another engagement into this one leaves it free', () => {
    const elsewhere = recorded(
      'EngagementMerged',
      { into: engagementStream, how: 'duplicate' },
      { at: '2026-02-01', stream: engagement('e9') },
    );
    given(opened('2026-01-01'), elsewhere).when(into('e3')).accepted();
  });
});

describe('a policy', () => {
  const stream = streamIdOf(tenantId, 'policy', 'policy');
  const policy = (policyVersion: number) => ({
    policyVersion,
    effectiveFrom: instant('2026-07-01'),
    thresholds: { 'P4.1': { days: 60 } },
  });
  const publish = (version: number) => fact('PolicyPublished', policy(version), { at, stream, actor });
  const first = recorded('PolicyPublished', policy(1), { at: '2026-02-01', stream });
  const second = recorded('PolicyPublished', policy(2), { at: '2026-03-01', stream });

  it('is published as the version after the newest', () => {
    given().when(publish(1)).accepted();
    given()
      .when(publish(2))
      .refused('policyVersionNotNext', /at version 0; publish version 1/);
    given(first, second).when(publish(3)).accepted();
    given(first, second)
      .when(publish(4))
      .refused('policyVersionNotNext', /at version 2; publish version 3/);
    given(first, second)
      .when(fact('PolicyPublished', policy(2), { at, stream, actor }))
      .refused('policyVersionNotNext');
  });
});

describe('a dismissal', () => {
  const dismiss = (until?: string) =>
    fact(
      'FlagDismissed',
      { flagId: 'f1', reason: 'acceptance', ...(until !== undefined && { until: instant(until) }) },
      { at, actor },
    );

  it('ends after it begins, or never', () => {
    given().when(dismiss()).accepted();
    given().when(dismiss('2026-06-01T00:01')).accepted();
    given()
      .when(dismiss(at))
      .refused('dismissalOver', /before it begins/);
    given().when(dismiss('2026-05-31')).refused('dismissalOver');
  });
});

describe('a rate of exchange', () => {
  const rate = (quote: string) =>
    fact(
      'FxRatePublished',
      { base: 'EUR', quote, rate: '11.4', date: '2026-06-01', publishedBy: 'ECB' },
      { at, stream: fxStreamOf(tenantId, 'EUR', quote), actor },
    );

  it('is of two currencies', () => {
    given().when(rate('NOK')).accepted();
    given().when(rate('EUR')).refused('rateOfOneCurrency', /EUR/);
  });
});

describe("a judgement on a partner's claim", () => {
  const saidBy = { role: 'partner', partyId: 'p1' } as const;
  const claim = recorded('DeliveryStarted', {}, { at: '2026-02-01', saidBy });
  const word = recorded('DeliveryStarted', {}, { at: '2026-02-02' });
  const of = ({ eventId }: { readonly eventId: string }) => ({ eventId, reason: 'code:seen' });
  const confirm = fact('ClaimConfirmed', of(claim), { at, actor });
  const reject = fact('ClaimRejected', of(claim), { at, actor });

  it('is of a claim that is there', () => {
    given(claim).when(confirm).accepted();
    given(claim).when(reject).accepted();
    given().when(confirm).refused('claimUnknown', new RegExp(claim.eventId));
    given().when(reject).refused('claimUnknown');
    given(word)
      .when(fact('ClaimConfirmed', of(word), { at, actor }))
      .refused('notAClaim', /correct it with supersedes/);
  });

  it('may turn the one before round, but not repeat it', () => {
    const confirmed = recorded('ClaimConfirmed', of(claim), { at: '2026-03-01', actor, sourceId: 'before' });
    given(claim, confirmed).when(reject).accepted();
    given(claim, confirmed)
      .when(confirm)
      .refused('alreadyJudged', new RegExp(`${confirmed.eventId} is a ClaimConfirmed`));
  });
});
