// Which functions of a plan share a thread? Those for which the same people wait: senders, people with a token, or nobody.
import type { FunctionPlan, Plan } from '../core/plan.ts';

/**
 * How functions are placed on threads. `shared`: few threads, each with the functions of one kind; code, heap and V8's own work are
 * then there once. `apart`: each function has threads of its own, so that a crash ends one function, and CPU time is told by function.
 */
export type Placement = 'shared' | 'apart';

/** Functions that have their threads together. */
export interface Group {
  readonly name: string;
  readonly functions: readonly FunctionPlan[];
  /** Whether a caller waits for their answers. */
  readonly isWaitedFor: boolean;
}

type Kind = 'senders' | 'people' | 'batches';

function kindOf({ name }: FunctionPlan, { routes }: Plan): Kind {
  const own = routes.filter((route) => route.function === name);
  if (own.length === 0) return 'batches';
  return own.some(({ jwt }) => jwt !== undefined) ? 'people' : 'senders';
}

/** The groups of a plan's functions; each function is in one of them. */
export function groupsOf(plan: Plan, placement: Placement): readonly Group[] {
  const kinds = Map.groupBy(plan.functions, (each) => (placement === 'apart' ? each.name : kindOf(each, plan)));
  const isCalled = ({ name }: FunctionPlan): boolean => plan.routes.some((route) => route.function === name);
  return [...kinds].map(([name, functions]) => ({ name, functions, isWaitedFor: functions.some(isCalled) }));
}
