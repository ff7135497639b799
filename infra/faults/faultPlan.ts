// Which fault does a call get? The seed, the caller and the number of the call decide, so the same seed gives the same faults.
import { randomOf } from '../sample/random.ts';

export const faultKinds = [
  'fail',
  'throttle',
  'delay',
  'cut before',
  'cut after',
  'partial',
  'duplicate',
  'crash before',
  'crash after',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export const deliveryFaults = ['shuffled', 'twice', 'answer lost', 'back early'] as const;
export type DeliveryFault = (typeof deliveryFaults)[number];

/** One call, identified by its caller, its operation, and how many such calls the caller made before. */
export interface PlannedCall {
  readonly caller: string;
  readonly operation: string;
  readonly ordinal: number;
}

export interface PlannedFault {
  readonly kind: FaultKind;
  /** Milliseconds, of a delay. */
  readonly delay: number;
}

/** How many of a thousand calls fail: enough that almost every fact meets a fault. */
const perThousand: Readonly<Record<FaultKind, number>> = {
  fail: 15,
  throttle: 8,
  delay: 60,
  'cut before': 10,
  'cut after': 15,
  partial: 40,
  duplicate: 20,
  'crash before': 6,
  'crash after': 10,
};

/** Only operations with entries get partial answers; only operations that write are done twice. */
const appliesTo = (kind: FaultKind, operation: string): boolean => {
  if (kind === 'partial') return /Batch|PutEvents|Query|Transact/.test(operation);
  return kind !== 'duplicate' || !/^(Get|BatchGet|Query)/.test(operation);
};

/** The fault that a seed's plan has for a call; undefined: none. */
export const faultOf = (seed: number, { caller, operation, ordinal }: PlannedCall): PlannedFault | undefined => {
  const random = randomOf(seed, `${caller} ${operation} ${ordinal}`);
  let left = random.between(0, 1000);
  for (const kind of faultKinds) {
    left -= perThousand[kind];
    if (left < 0) return appliesTo(kind, operation) ? { kind, delay: random.whole(1, 15) } : undefined;
  }
  return undefined;
};

const deliveriesPerThousand: Readonly<Record<DeliveryFault, number>> = {
  shuffled: 300,
  twice: 50,
  'answer lost': 50,
  'back early': 50,
};

/** The fault for a function's delivery, by the number of deliveries before it; undefined: none. */
export const deliveryFaultOf = (seed: number, functionName: string, ordinal: number): DeliveryFault | undefined => {
  let left = randomOf(seed, `deliver ${functionName} ${ordinal}`).between(0, 1000);
  return deliveryFaults.find((kind) => {
    left -= deliveriesPerThousand[kind];
    return left < 0;
  });
};

export const clockFaults = ['hours ahead', 'days ahead', 'back'] as const;
export type ClockFault = (typeof clockFaults)[number];

/** A jump of the clock in the midst of a wave of messages. */
export interface ClockJump {
  readonly kind: ClockFault;
  /** Milliseconds; negative where the clock goes back. */
  readonly ms: number;
  /** After which share of the wave's messages. */
  readonly after: number;
}

const minute = 60_000;
const jumpPerWave = 0.6;

/**
 * The jump that a seed's plan has for a wave; undefined: none. Ahead are an outage's hours, or a machine that slept for days; back are the
 * corrections of a time server. All corrections of a channel together are less than the time that is passed at its end.
 */
export const clockJumpOf = (seed: number, wave: number): ClockJump | undefined => {
  const random = randomOf(seed, `clock ${wave}`);
  if (!random.chance(jumpPerWave)) return undefined;
  const kind = random.pick(clockFaults);
  const after = random.between(0, 1);
  switch (kind) {
    case 'hours ahead':
      return { kind, after, ms: random.whole(minute, 10 * 60 * minute) };
    case 'days ahead':
      return { kind, after, ms: random.whole(1440 * minute, 5 * 1440 * minute) };
    case 'back':
      return { kind, after, ms: -random.whole(1_000, 3 * minute) };
    default:
      return kind satisfies never;
  }
};

/** The items in another order, which is the same for the same seed and name. */
export const shuffled = <T>(seed: number, name: string, things: readonly T[]): readonly T[] => {
  const random = randomOf(seed, name);
  return things
    .map((thing) => ({ thing, at: random.between(0, 1) }))
    .sort((a, b) => a.at - b.at)
    .map(({ thing }) => thing);
};
