// How does a seed's plan come over the functions? As an interceptor of their calls and of their deliveries, which spare who has failed twice.
import type { CallInterceptor } from '../local/core/callInterceptor.ts';
import type { DeliveryInterceptor } from '../local/lambda/deliveryInterceptor.ts';
import { createFaultState, type FaultState } from './faultState.ts';
import { faultyCalls } from './faultyCalls.ts';
import { faultyDelivery } from './faultyDelivery.ts';

export interface FaultInjection {
  readonly interceptor: CallInterceptor;
  readonly deliver: DeliveryInterceptor;
  /** From here on the plan of this seed holds. */
  begin(seed: number): void;
  /** From here on nothing goes wrong. */
  end(): void;
}

/** Makes both; nothing goes wrong before a seed begins. */
export const createFaultInjection = (options: Pick<FaultState, 'runtime' | 'tell'>): FaultInjection => {
  const state = createFaultState(options);
  return {
    interceptor: faultyCalls(state),
    deliver: faultyDelivery(state),
    begin: (seed) => state.follow(seed),
    end: () => state.follow(undefined),
  };
};
