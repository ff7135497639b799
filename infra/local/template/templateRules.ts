// Which rules does a template have? Each sends matching events, or the ticks of a schedule, to a queue.

import type { Properties } from '../core/json.ts';
import type { RulePlan, SchedulePlan, TargetPlan } from '../core/plan.ts';
import { refuse } from '../core/refusal.ts';
import { queueOfArn } from './templateTables.ts';

const secondsPer: Readonly<Record<string, number>> = { minute: 60, hour: 3_600, day: 86_400 };

/** Seconds between the ticks of a schedule: `rate(n minutes | hours | days)`, as EventBridge writes it. */
function secondsOfRate(expression: string, where: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const seconds = Number(count) * (secondsPer[unit ?? ''] ?? 0);
  if (seconds > 0) return seconds;
  return refuse(`${where}: ScheduleExpression ${expression} is not run locally, only rate(n minutes, hours or days).`);
}

// These settings are for events that EventBridge can't deliver. A local target is always there, so they have no effect.
const knownOfTargets = new Set(['Arn', 'Id', 'Input', 'DeadLetterConfig', 'RetryPolicy', 'RoleArn']);

function readTarget(target: Properties): TargetPlan {
  for (const [name] of target.entries()) {
    if (!knownOfTargets.has(name))
      refuse(`${target.where}: ${name} would change what is delivered; it is not run locally.`);
  }
  const queue = queueOfArn(target.text('Arn'), target.where);
  return target.has('Input') ? { queue, input: target.text('Input') } : { queue };
}

/** A rule for events or for a schedule; undefined when it is disabled. */
export function readRule(
  name: string,
  from: Properties,
): { readonly rule: RulePlan } | { readonly schedule: SchedulePlan } | undefined {
  if (from.text('State', 'ENABLED') === 'DISABLED') return undefined;
  const targets = from.objects('Targets').map(readTarget);
  if (from.has('ScheduleExpression') && from.has('EventPattern')) {
    return refuse(`${from.where}: a rule with both a pattern and a schedule is not run locally; make two rules.`);
  }
  if (from.has('ScheduleExpression')) {
    return { schedule: { name, targets, everySeconds: secondsOfRate(from.text('ScheduleExpression'), from.where) } };
  }
  return { rule: { name, targets, bus: from.text('EventBusName', 'default'), pattern: from.raw('EventPattern') } };
}
