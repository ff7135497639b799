// Was a tool sold instead of an outcome? P1.1 to P1.6, as the reference's C1 and the later decisions tell them.
import type { RecordedOf } from '../../events/catalog.ts';
import type { Instant } from '../../events/instant.ts';
import {
  believed,
  days,
  endOf,
  type Found,
  first,
  goLivesOf,
  type Life,
  last,
  notAfter,
  type Severity,
  winsOf,
} from './life.ts';
import { isQuietAt, thresholdAt } from './policies.ts';
import { firstUseAt, plannedAt } from './ramps.ts';

/** P1.1: a win without an outcome that was agreed by then. */
const noAgreedOutcome = (life: Life): readonly Found[] =>
  winsOf(life)
    .filter((won) => !life.of('OutcomeAgreed').some((agreed) => notAfter(agreed.occurredAt, won.occurredAt)))
    .map((won) => ({
      ...{ rule: 'P1.1', openedBy: won, severity: 'medium', raisedAt: believed(won.occurredAt) },
      answeredAt: life.of('OutcomeAgreed')[0]?.occurredAt,
    }));

const monthOf = (at: Instant): string => at.slice(0, 7);
const monthAfter = (month: string): string => monthOf(days(`${month}-01T00:00:00.000Z`, 31));
const startOf = (month: string): Instant => `${month}-01T00:00:00.000Z`;
const firstMonthFrom = (at: Instant): string => (startOf(monthOf(at)) >= at ? monthOf(at) : monthAfter(monthOf(at)));

/** When what was measured of a month is complete. */
const settled = (month: string): Instant => believed(days(startOf(monthAfter(month)), 3));

/** The share of a month that was used, and when that was known; undefined where nobody measured it. */
const usedIn = (life: Life, started: RecordedOf<'SubscriptionStarted'>, month: string) => {
  const measured = life
    .of('UsageMeasured')
    .filter(({ data }) => data.subscriptionId === started.data.subscriptionId && monthOf(data.windowStart) === month)
    // A month is settled some days after it: what is measured later tells nothing of it.
    .filter(({ occurredAt }) => occurredAt <= settled(month))
    .at(-1);
  const bought = measured?.data.purchasedUnits ?? started.data.quantity ?? 0;
  const purchased = Math.min(bought, plannedAt(life, startOf(month)) ?? bought);
  // Where nothing is to be used yet, nothing is told.
  if (measured === undefined || purchased === 0 || isQuietAt(life, settled(month), month)) return undefined;
  return { share: measured.data.activeUnits / purchased, by: measured };
};

type Level = 'none' | 'medium' | 'high';

/** P1.2: two full months below a line, from when the customer has had its time; a stricter line clears it. */
const lowAdoption = (life: Life): readonly Found[] =>
  life.of('SubscriptionStarted').flatMap((started) => {
    // A subscription that starts after the go-live has its time from its own start; one that is not live by then, longer.
    const fromBy = (at: Instant): Instant => {
      const goLive = goLivesOf(life).find(({ occurredAt }) => occurredAt <= at)?.occurredAt;
      return goLive === undefined ? days(started.occurredAt, 90) : days(last(goLive, started.occurredAt), 60);
    };
    const { occurredAt } = started;
    const changes: { readonly at: Instant; readonly level: Level; readonly by: RecordedOf<'UsageMeasured'> }[] = [];
    let level: Level = 'none';
    for (let month = firstMonthFrom(occurredAt); startOf(monthAfter(month)) <= life.now; month = monthAfter(month)) {
      const next = monthAfter(month);
      const [one, two] = [usedIn(life, started, month), usedIn(life, started, next)];
      if (one === undefined || two === undefined) continue;
      const at = last(one.by.occurredAt, two.by.occurredAt, settled(next));
      if (startOf(month) < fromBy(at)) continue;
      const most = Math.max(one.share, two.share);
      const least = Math.min(one.share, two.share);
      const before: Level = level;
      if (most < 0.5) level = 'high';
      else if (most < 0.8) level = before === 'high' && least < 0.6 ? 'high' : 'medium';
      else if (least >= 0.85) level = 'none';
      else if (before === 'high' && least >= 0.6) level = 'medium';
      if (level !== before) changes.push({ at, level, by: two.by });
    }
    const ended = life.of('SubscriptionEnded').find(({ data }) => data.subscriptionId === started.data.subscriptionId);
    return changes.flatMap(({ at, level: reached, by }, index): readonly Found[] => {
      if (reached === 'none' || (changes[index - 1]?.level ?? 'none') !== 'none') return [];
      const after = changes.slice(index);
      const severity = (until: Instant): Severity =>
        after.filter((change) => change.level !== 'none' && change.at <= until).at(-1)?.level === 'high'
          ? 'high'
          : 'medium';
      const cleared = after.find((change) => change.level === 'none')?.at;
      const answeredAt = first(cleared, ended === undefined ? undefined : endOf(ended));
      return [{ rule: 'P1.2', openedBy: by, raisedAt: at, answeredAt, severity }];
    });
  });

/** The instant some days after another, without those of quiet months by the policy of an instant. */
const afterBusyDays = (
  life: Life,
  from: Instant,
  { count, by }: { readonly count: number; readonly by: Instant },
): Instant => {
  let at = from;
  let left = count;
  for (;;) {
    const next = startOf(monthAfter(monthOf(at)));
    const isQuiet = isQuietAt(life, by, monthOf(at));
    if (!isQuiet && days(at, left) <= next) return days(at, left);
    if (!isQuiet) left -= (Date.parse(next) - Date.parse(at)) / 86_400_000;
    at = next;
  }
};

/** P1.3: 45 days after its start, a subscription whose use is measured has never been used. */
const neverUsed = (life: Life): readonly Found[] =>
  life.of('SubscriptionStarted').flatMap((started): readonly Found[] => {
    const { subscriptionId, baseSubscriptionId } = started.data;
    const measured = life.of('UsageMeasured').filter(({ data }) => data.subscriptionId === subscriptionId);
    // The licences of an add-on may be counted at its parent.
    const pool = life.of('UsageMeasured').filter(({ data }) => data.subscriptionId === baseSubscriptionId);
    const used = first(...[...measured, ...pool].filter(({ data }) => data.activeUnits > 0).map((e) => e.occurredAt));
    const zero = measured.find(({ data }) => data.activeUnits === 0);
    if (zero === undefined) return [];
    const patient = thresholdAt(life, started.occurredAt, 'P1.3 days', 45);
    const usual = days(started.occurredAt, patient);
    // Who plans the first use for later is given its time from then, and quiet months do not count.
    const begins = last(started.occurredAt, firstUseAt(life, usual) ?? started.occurredAt);
    const due = believed(afterBusyDays(life, begins, { count: patient, by: started.occurredAt }));
    const raisedAt = last(zero.occurredAt, due);
    const ended = life.of('SubscriptionEnded').find(({ data }) => data.subscriptionId === subscriptionId);
    const answeredAt = first(used, ended === undefined ? undefined : endOf(ended));
    return [{ rule: 'P1.3', openedBy: started, raisedAt, answeredAt, severity: 'high' }];
  });

const isService = (category: string): boolean => ['implementation', 'managed'].includes(category);

/** P1.4: 90 days after the win the customer holds a base licence only, and no outcome is agreed. */
const licenceOnly = (life: Life): readonly Found[] =>
  winsOf(life).flatMap((won): readonly Found[] => {
    const started = life.of('SubscriptionStarted');
    const licence = started.find(({ data }) => data.kind === 'base_licence');
    const more = started.find(({ data }) => data.kind !== undefined && data.kind !== 'base_licence');
    if (licence === undefined) return [];
    const from = last(licence.occurredAt, won.occurredAt);
    const raisedAt = believed(days(from, thresholdAt(life, won.occurredAt, 'P1.4 days', 90)));
    const worked = life.of('WorkLogged').find(({ data }) => isService(data.category));
    const answeredAt = first(more?.occurredAt, worked?.occurredAt, life.of('OutcomeAgreed')[0]?.occurredAt);
    return [{ rule: 'P1.4', openedBy: won, raisedAt, answeredAt, severity: 'low' }];
  });

/** Without a baseline nobody knows whether more is better: undefined. */
const isMet = (agreed: RecordedOf<'OutcomeAgreed'>, { data }: RecordedOf<'OutcomeMeasured'>): boolean | undefined => {
  const { target, baseline } = agreed.data;
  if (data.met !== undefined) return data.met;
  if (target === undefined || baseline === undefined) return undefined;
  return target < baseline ? data.value <= target : data.value >= target;
};

/** P1.5: an agreed outcome was measured by its due date, or after it, and is missed. */
const outcomeMissed = (life: Life): readonly Found[] =>
  life.of('OutcomeAgreed').flatMap((agreed, index, all): readonly Found[] => {
    const { outcomeId, due: dueDay } = agreed.data;
    const same = (other: RecordedOf<'OutcomeAgreed'>) => JSON.stringify(other.data) === JSON.stringify(agreed.data);
    const before = all
      .slice(0, index)
      .filter(({ data }) => data.outcomeId === outcomeId)
      .at(-1);
    if (dueDay === undefined || (before !== undefined && same(before))) return [];
    const again = all.slice(index + 1).find((next) => next.data.outcomeId === outcomeId && !same(next))?.occurredAt;
    const due = days(`${dueDay}T00:00:00.000Z`, 1);
    const measured = life
      .of('OutcomeMeasured')
      .filter(({ occurredAt, data }) => data.outcomeId === outcomeId && notAfter(agreed.occurredAt, occurredAt))
      .filter((event) => isMet(agreed, event) !== undefined);
    // At its due date the last measure counts, later the first. What was reached then stays reached.
    const byDue = measured.filter(({ occurredAt }) => notAfter(occurredAt, due)).at(-1);
    const later = measured.filter(({ occurredAt }) => !notAfter(occurredAt, due));
    const [one, ...others] = [...(byDue === undefined ? [] : [byDue]), ...later];
    if (one === undefined || isMet(agreed, one) === true) return [];
    const met = others.find((event) => isMet(agreed, event) === true)?.occurredAt;
    const raisedAt = believed(last(due, one.occurredAt));
    return [{ rule: 'P1.5', openedBy: agreed, raisedAt, answeredAt: first(met, again), severity: 'medium' }];
  });

/** P1.6: less was renewed, or it ended unused, within 180 days of an open P1.2 or P1.3. */
const confirmedShelfware = (life: Life): readonly Found[] => {
  const signs = [...lowAdoption(life), ...neverUsed(life)].filter(
    ({ raisedAt, answeredAt }) => answeredAt === undefined || answeredAt > raisedAt,
  );
  return life.events.flatMap((event): readonly Found[] => {
    if (event.type !== 'SubscriptionRenewed' && event.type !== 'SubscriptionEnded') return [];
    const { subscriptionId } = event.data;
    const own = life.events.filter(
      (other) => 'subscriptionId' in other.data && other.data.subscriptionId === subscriptionId,
    );
    const before = own
      .slice(0, own.indexOf(event))
      .flatMap((other) =>
        other.type === 'SubscriptionStarted' ||
        other.type === 'SubscriptionRenewed' ||
        other.type === 'SubscriptionChanged'
          ? (other.data.quantity ?? [])
          : [],
      )
      .at(-1);
    const confirms =
      event.type === 'SubscriptionEnded'
        ? event.data.reason === 'unused' || event.data.reason === 'no_value'
        : before !== undefined && event.data.quantity != null && event.data.quantity <= before * 0.8;
    const wasOpen = signs.some(
      (sign) =>
        own.includes(sign.openedBy) &&
        sign.raisedAt <= event.occurredAt &&
        (sign.answeredAt === undefined || sign.answeredAt >= days(event.occurredAt, -180)),
    );
    return confirms && wasOpen
      ? [{ rule: 'P1.6', openedBy: event, raisedAt: event.occurredAt, severity: 'high', historic: true }]
      : [];
  });
};

export const toolsInsteadOfOutcomes = (life: Life): readonly Found[] => [
  ...noAgreedOutcome(life),
  ...lowAdoption(life),
  ...neverUsed(life),
  ...licenceOnly(life),
  ...outcomeMissed(life),
  ...confirmedShelfware(life),
];
