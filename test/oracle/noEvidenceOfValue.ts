// Does the customer see what it gets? P4.1 to P4.7, as the reference's C4 and the later decisions tell them.
import type { RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import { anchorOf, windowOf } from './journey.ts';
import { believed, days, type Found, first, goLivesOf, type Life, last, notAfter, oneAtATime } from './life.ts';
import { thresholdAt } from './policies.ts';

type Report = RecordedOf<'ValueReported'>;

const showsImpact = ({ data }: Report): boolean => data.sections.includes('business_impact');

/** P4.1: a hundred days since the go-live, or since the last report after it. */
const cadenceBroken = (life: Life): readonly Found[] => {
  const [goLive] = goLivesOf(life);
  if (goLive === undefined) return [];
  const reports = life.of('ValueReported').filter(({ occurredAt }) => occurredAt >= goLive.occurredAt);
  return [goLive, ...reports].map((since, index) => ({
    ...{
      rule: 'P4.1',
      openedBy: since,
      raisedAt: believed(days(since.occurredAt, thresholdAt(life, since.occurredAt, 'P4.1 days', 100))),
    },
    ...{ answeredAt: reports[index]?.occurredAt, severity: 'medium' },
  }));
};

/** P4.2: two reports running lack the impact, or cover less than two topics, until one shows the impact and something more. */
const thinReports = (life: Life): readonly Found[] => {
  const reports = life.of('ValueReported');
  const isThin = (report: Report): boolean => !showsImpact(report) || new Set(report.data.sections).size < 2;
  const full = reports.filter((report) => !isThin(report)).map(({ occurredAt }) => occurredAt);
  const thin = reports.filter(isThin);
  return oneAtATime(
    thin.flatMap((report, index): readonly Found[] => {
      const before = thin[index - 1];
      const between = (at: Instant): boolean =>
        before !== undefined && notAfter(before.occurredAt, at) && notAfter(at, report.occurredAt);
      if (before === undefined || full.some(between)) return [];
      const answeredAt = full.find((at) => at > report.occurredAt);
      return [
        { rule: 'P4.2', openedBy: report, raisedAt: believed(report.occurredAt), answeredAt, severity: 'medium' },
      ];
    }),
  );
};

/** P4.3: an outcome is due, and was not measured. */
const neverMeasured = (life: Life): readonly Found[] =>
  life.of('OutcomeAgreed').flatMap((agreed, index, all): readonly Found[] => {
    const { outcomeId, due } = agreed.data;
    const same = (other: RecordedOf<'OutcomeAgreed'>) => JSON.stringify(other.data) === JSON.stringify(agreed.data);
    const before = all
      .slice(0, index)
      .filter(({ data }) => data.outcomeId === outcomeId)
      .at(-1);
    if (due === undefined || (before !== undefined && same(before))) return [];
    const again = all.slice(index + 1).find((next) => next.data.outcomeId === outcomeId && !same(next))?.occurredAt;
    const measured = life
      .of('OutcomeMeasured')
      .find(({ occurredAt, data }) => data.outcomeId === outcomeId && notAfter(agreed.occurredAt, occurredAt));
    const raisedAt = believed(last(days(`${due}T00:00:00.000Z`, 1), agreed.occurredAt));
    const answeredAt = first(measured?.occurredAt, again);
    return [{ rule: 'P4.3', openedBy: agreed, raisedAt, answeredAt, severity: 'medium' }];
  });

/** P4.4: a renewal is proposed, and no report of the last 120 days showed the impact. */
const renewalWithoutEvidence = (life: Life): readonly Found[] =>
  oneAtATime(
    life.of('RenewalProposed').flatMap((proposed): readonly Found[] => {
      const evidence = life
        .of('ValueReported')
        .filter(showsImpact)
        .map(({ occurredAt }) => occurredAt);
      const at = proposed.occurredAt;
      if (
        evidence.some(
          (shown) => notAfter(shown, at) && notAfter(days(at, -thresholdAt(life, at, 'P4.4 days', 120)), shown),
        )
      )
        return [];
      const renewed = life
        .of('SubscriptionRenewed')
        .find(({ occurredAt, data }) => data.subscriptionId === anchorOf(life) && occurredAt >= at)?.occurredAt;
      const shown = evidence.find((later) => later > at);
      const raisedAt = believed(at);
      const moot = renewed === undefined ? undefined : last(renewed, raisedAt);
      return [
        { rule: 'P4.4', openedBy: proposed, raisedAt, answeredAt: first(shown, moot), severity: 'high', atOnce: true },
      ];
    }),
  );

/** P4.5: a term is in its last 90 days (at most its last quarter), and no report in it showed the impact. */
const noCaseBeforeRenewal = (life: Life): readonly Found[] =>
  life.terms.flatMap((term): readonly Found[] => {
    const due = windowOf(term);
    if (due === undefined) return [];
    const shown = life
      .of('ValueReported')
      .filter(showsImpact)
      .find(({ occurredAt }) => notAfter(term.start, occurredAt))?.occurredAt;
    const answeredAt = first(shown, term.decidedBy?.occurredAt);
    return [{ rule: 'P4.5', openedBy: term.begunBy, raisedAt: believed(due), answeredAt, severity: 'high' }];
  });

/** P4.6: two reports running were not acknowledged within 21 days each. */
const unreadReports = (life: Life): readonly Found[] => {
  // Who acknowledges what was not yet reported acknowledges nothing.
  const isOf = (report: Report, read: RecordedOf<'ReportAcknowledged'>): boolean =>
    read.data.reportId === report.data.reportId && notAfter(report.occurredAt, read.occurredAt);
  const readAt = (report: Report): Instant | undefined =>
    life.of('ReportAcknowledged').find((read) => isOf(report, read))?.occurredAt;
  const patientWith = ({ occurredAt }: Report): number => thresholdAt(life, occurredAt, 'P4.6 days', 21);
  // Both reports are judged by the policy of the second.
  const unread = (report: Report, by: Report): boolean => {
    const read = readAt(report);
    return read === undefined || !notAfter(read, days(report.occurredAt, patientWith(by)));
  };
  return oneAtATime(
    life.of('ValueReported').flatMap((report, index, all): readonly Found[] => {
      const before = all[index - 1];
      if (before === undefined || !unread(before, report) || !unread(report, report)) return [];
      const raisedAt = believed(days(report.occurredAt, patientWith(report)));
      // The first of the two may still be read, or a later one.
      const late = [readAt(before)].filter((at) => at !== undefined && at > raisedAt);
      const answeredAt = first(...late, ...[report, ...all.slice(index + 1)].map(readAt));
      return [{ rule: 'P4.6', openedBy: report, raisedAt, answeredAt, severity: 'low' }];
    }),
  );
};

/** P4.7: a term has ended, and nobody has decided; three days later where it renews by itself. */
const renewalUndecided = (life: Life): readonly Found[] =>
  life.terms.flatMap(({ subscriptionId, start, end, begunBy, decidedBy }): readonly Found[] => {
    if (end === undefined || days(start, 90) > end) return [];
    const started = life.of('SubscriptionStarted').find(({ data }) => data.subscriptionId === subscriptionId);
    const due =
      started?.data.autoRenew === true ? days(end, thresholdAt(life, begunBy.occurredAt, 'P4.7 graceDays', 3)) : end;
    const answeredAt = decidedBy?.occurredAt;
    return [
      {
        rule: 'P4.7',
        openedBy: begunBy,
        raisedAt: believed(last(due, begunBy.occurredAt)),
        answeredAt,
        severity: 'high',
      },
    ];
  });

export const noEvidenceOfValue = (life: Life): readonly Found[] => [
  ...cadenceBroken(life),
  ...thinReports(life),
  ...neverMeasured(life),
  ...renewalWithoutEvidence(life),
  ...noCaseBeforeRenewal(life),
  ...unreadReports(life),
  ...renewalUndecided(life),
];
