// Which route answers a request? API Gateway's order: the most specific path first, a greedy `{proxy+}` after it, `$default` last.
import type { RoutePlan } from '../core/plan.ts';

export interface RouteMatch {
  readonly route: RoutePlan;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface CompiledRoute {
  readonly route: RoutePlan;
  readonly method: string;
  readonly expression: RegExp;
  readonly names: readonly string[];
  /** A lower number is more specific. */
  readonly rank: number;
}

function compile(route: RoutePlan): CompiledRoute {
  if (route.key === '$default') return { route, method: 'ANY', expression: /^/, names: [], rank: Infinity };
  const [method = '', path = ''] = route.key.split(' ');
  const names: string[] = [];
  let rank = method === 'ANY' ? 0.5 : 0;
  const parts = path.split('/').map((segment) => {
    const [, name, greedy] = /^\{([^}+]+)(\+?)\}$/.exec(segment) ?? [];
    if (name === undefined) return segment.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    names.push(name);
    rank += greedy === '+' ? 1_000 : 1;
    return greedy === '+' ? '(.+)' : '([^/]+)';
  });
  return { route, method, expression: new RegExp(`^${parts.join('/')}$`), names, rank };
}

/** A path segment, percent-decoded; unchanged where its encoding is invalid. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Compiles an API's routes into the function that finds the one for a request; undefined where no route matches. */
export function routeFinder(routes: readonly RoutePlan[]): (method: string, path: string) => RouteMatch | undefined {
  const compiled = routes.map(compile).sort((a, b) => a.rank - b.rank);
  return (method, path) => {
    for (const { route, method: wanted, expression, names } of compiled) {
      const found = wanted === 'ANY' || wanted === method ? expression.exec(path) : null;
      if (found === null) continue;
      const values = names.map((name, index) => [name, decoded(found[index + 1] ?? '')] as const);
      return { route, pathParameters: Object.fromEntries(values) };
    }
    return undefined;
  };
}
