// What happens to a function's call under a seed's plan? It passes, fails, gets a partial answer, is done twice, or its function crashes.
import { setTimeout as wait } from 'node:timers/promises';
import { type CallInterceptor, cut } from '../local/core/callInterceptor.ts';
import { faultOf } from './faultPlan.ts';
import type { FaultState } from './faultState.ts';
import { partlyOf } from './partialAnswer.ts';
import { failedAnswer, throttledAnswer } from './refusedAnswer.ts';

/** Makes the interceptor of calls. */
export const faultyCalls =
  (state: FaultState): CallInterceptor =>
  async (call, pass) => {
    const seed = state.seed();
    if (seed === undefined) return await pass();
    const caller = call.caller ?? '';
    const { operation, service } = call;
    const planned = faultOf(seed, { caller, operation, ordinal: state.next(`${caller} ${operation}`) });
    if (planned === undefined) return await pass();
    const { kind, delay } = planned;
    if (kind !== 'delay' && kind !== 'duplicate' && state.isSpared(caller)) return await pass();
    state.tell(kind, caller, operation);
    switch (kind) {
      case 'fail':
        return failedAnswer(service);
      case 'throttle':
        return throttledAnswer(service);
      case 'delay':
        await wait(delay);
        return await pass();
      case 'cut before':
        return cut;
      case 'cut after':
        await pass();
        return cut;
      case 'partial':
        return (await partlyOf(operation)?.(call, pass)) ?? (await pass());
      case 'duplicate':
        await pass();
        return await pass();
      case 'crash before':
        state.runtime().crash(caller);
        return cut;
      case 'crash after':
        await pass();
        state.runtime().crash(caller);
        return cut;
      default:
        return kind satisfies never;
    }
  };
