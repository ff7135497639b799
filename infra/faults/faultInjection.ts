// How does a seed's plan reach the functions? By interceptors of their calls and deliveries; a function that failed twice is spared.
import type { CallInterceptor } from '../local/core/callInterceptor.ts';
import type { DeliveryInterceptor } from '../local/lambda/deliveryInterceptor.ts';
import { createFaultState, type FaultState } from './faultState.ts';
import { faultyCalls } from './faultyCalls.ts';
import { faultyDelivery } from './faultyDelivery.ts';

export interface FaultInjection {
  readonly interceptor: CallInterceptor;
  readonly deliver: DeliveryInterceptor;
  /** Starts the plan of this seed. */
  begin(seed: number): void;
  /** Ends all faults. */
  end(): void;
}

/** Makes both interceptors; they inject nothing before a seed begins. */
export const createFaultInjection = (options: Pick<FaultState, 'runtime' | 'tell'>): FaultInjection => {
  const state = createFaultState(options);
  return {
    interceptor: faultyCalls(state),
    deliver: faultyDelivery(state),
    begin: (seed) => state.follow(seed),
    end: () => state.follow(undefined),
  };
};
