// Where can a function die? Between any two of its calls: each is known by what the invocation had called before, and one of them kills it.
import { createHash } from 'node:crypto';
import { type CallInterceptor, cut, type ServiceCall } from '../../infra/local/core/callInterceptor.ts';
import { isObject } from '../../infra/local/core/json.ts';
import type { DeliveryInterceptor } from '../../infra/local/lambda/deliveryInterceptor.ts';

/** A call as a crash point: of two calls with the same words the function is in the same place of its code. */
export interface CrashPoint {
  readonly function: string;
  /** What woke it, the two calls before, and the call. */
  readonly words: string;
  /** The call alone: of a transaction without what it puts and deletes, which the batch decides and not the code. */
  readonly call: string;
  /** Whether the call changes anything. */
  readonly writes: boolean;
}

/** One way to die at a point. */
export interface Crash {
  readonly point: CrashPoint;
  readonly when: 'before' | 'after';
}

/** Crashes that are still to come; several worlds may take of them. */
export interface Crashes {
  /** Dying at each of these points is still to come: before its call, and after it too where it writes. */
  add(points: readonly CrashPoint[]): void;
  /** How many are left. */
  left(): number;
  /** Those that are left, each by what it is. */
  names(): readonly string[];
  /** Takes one that is to come at this point; `anywhere`: at this call, whatever the function called before. */
  take(met: CrashPoint, anywhere: boolean): Crash | undefined;
}

export interface Crasher {
  readonly interceptor: CallInterceptor;
  readonly deliver: DeliveryInterceptor;
  /** The points met since the last `forget`, each once, in the order of their calls. */
  points(): readonly CrashPoint[];
  /** Begins anew: no point was met, and nothing has died. */
  forget(): void;
  /** What IAM would have been asked for the calls at which it has killed so far: `Sell dynamodb:PutItem table/x`. */
  killedAt(): ReadonlySet<string>;
  /** Kills a function once: at the first call at which one of these crashes is to come. */
  arm(crashes: Crashes, anywhere: boolean): void;
  /** Which crash that was; undefined when there was none since the last `forget`. */
  fired(): Crash | undefined;
}

const reads = /^(Get|BatchGet|Query)/;
const expressions = ['UpdateExpression', 'ConditionExpression', 'KeyConditionExpression', 'IndexName'] as const;

/** The resource without whose it is: the secrets of all connections are one. */
const placeOf = (resource: string): string => (resource.split(':').at(-1) ?? '').replace(/\/c-[0-9a-f]{16}$/, '/*');

/** What the call does: its operation, the parts of a transaction, the first of its resources and a digest of its expressions. */
const signatureOf = ({ operation, needs, input }: ServiceCall): string => {
  const said = expressions.flatMap((name) => (typeof input[name] === 'string' ? [input[name]] : []));
  const digest = said.length === 0 ? [] : [createHash('sha1').update(said.join()).digest('hex').slice(0, 4)];
  const parts = operation === 'TransactWriteItems' ? new Set(needs.map(({ action }) => action.split(':').at(-1))) : [];
  return [operation, ...parts, placeOf(needs[0]?.resource ?? ''), ...digest].join(' ');
};

const callOf = (signature: string): string => signature.replaceAll(/ (Put|Delete)Item(?= )/g, '');

const wokenBy = (event: unknown): string => {
  const [first] = isObject(event) && Array.isArray(event.Records) ? event.Records : [];
  return isObject(first) ? String(first.eventSource) : 'request';
};

const keyOf = (point: CrashPoint): string => `${point.function}: ${point.words}`;

/** Makes a list of crashes, empty at first. */
export const createCrashList = (): Crashes => {
  const left: Crash[] = [];
  return {
    add(points) {
      for (const point of points) {
        left.push({ point, when: 'before' });
        // To die after a read is to die before the next call.
        if (point.writes) left.push({ point, when: 'after' });
      }
    },
    left: () => left.length,
    names: () => left.map(nameOf),
    take(met, anywhere) {
      const found = left.findIndex(({ point }) =>
        anywhere ? met.function === point.function && met.call === point.call : keyOf(met) === keyOf(point),
      );
      return found === -1 ? undefined : left.splice(found, 1)[0];
    },
  };
};

/** A crash in words. */
export const nameOf = ({ point, when }: Crash): string => `${point.function} dies ${when} ${point.words}`;

/** A function's invocations, of which its one worker does the first: what woke each, and what the first has called. */
interface Working {
  readonly woken: string[];
  called: string[];
}

/** Makes the crasher; `crash` ends a function's workers. It takes each function to have one worker, as is usual here. */
export const createCrasher = (crash: (functionName: string) => void): Crasher => {
  const working = new Map<string, Working>();
  const points = new Map<string, CrashPoint>();
  const killedAt = new Set<string>();
  let armed: ((met: CrashPoint) => Crash | undefined) | undefined;
  let fired: Crash | undefined;

  const workOf = (name: string): Working => {
    const work = working.get(name) ?? { woken: [], called: [] };
    working.set(name, work);
    return work;
  };

  return {
    deliver: async (delivery, hand) => {
      const work = workOf(delivery.function);
      work.woken.push(wokenBy(delivery.event));
      try {
        return await hand();
      } finally {
        work.woken.shift();
        work.called = [];
      }
    },

    interceptor: async (call, pass) => {
      const name = call.caller ?? '';
      const { woken, called } = workOf(name);
      const signature = signatureOf(call);
      const words = [woken[0], ...called.slice(-2), signature].join(' > ');
      // A call that repeats itself counts twice at the most: how many streams a batch holds is no place in the code.
      if (called.at(-1) !== signature || called.at(-2) !== signature) called.push(signature);
      const point = { function: name, words, call: callOf(signature), writes: !reads.test(call.operation) };
      const key = keyOf(point);
      points.set(key, points.get(key) ?? point);
      const crashed = armed?.(point);
      if (crashed === undefined) return await pass();
      armed = undefined;
      fired = crashed;
      for (const { action, resource } of call.needs) killedAt.add(`${name} ${action} ${placeOf(resource)}`);
      if (crashed.when === 'after') await pass();
      crash(name);
      return cut;
    },

    points: () => [...points.values()],
    forget: () => {
      points.clear();
      armed = undefined;
      fired = undefined;
    },
    killedAt: () => killedAt,
    arm: (crashes, anywhere) => {
      armed = (met) => crashes.take(met, anywhere);
    },
    fired: () => fired,
  };
};
