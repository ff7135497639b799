// Which resources must the local runtime run? A plan lists those of the template, as plain data with all names resolved.

export interface KeyPart {
  readonly name: string;
  readonly role: 'HASH' | 'RANGE';
}

export interface IndexPlan {
  readonly name: string;
  readonly key: readonly KeyPart[];
  /** The projection, in DynamoDB's own form. */
  readonly projection: unknown;
}

export interface TablePlan {
  readonly name: string;
  readonly key: readonly KeyPart[];
  /** The types of the key attributes. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly indexes: readonly IndexPlan[];
  /** The stream's view type; absent where the table has no stream. */
  readonly streamView?: string;
}

export interface FunctionPlan {
  readonly name: string;
  /** The folder of its code, and the handler in it (`index.handler`). */
  readonly folder: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface QueuePlan {
  readonly name: string;
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly redrive?: { readonly deadLetterQueue: string; readonly maxReceiveCount: number };
}

export interface QueueMappingPlan {
  readonly function: string;
  readonly queue: string;
  readonly batchSize: number;
  readonly reportsItemFailures: boolean;
  /** The most batches that the template allows at once; absent: no limit. */
  readonly maximumConcurrency?: number;
}

export interface StreamMappingPlan {
  readonly function: string;
  readonly table: string;
  readonly batchSize: number;
  readonly reportsItemFailures: boolean;
  readonly bisects: boolean;
  /** For how long records are gathered before a call, unless a batch is full before; absent: not at all. */
  readonly windowSeconds?: number;
  /** Absent: retries never end. */
  readonly maximumRetries?: number;
  readonly maximumAgeSeconds?: number;
  /** Event patterns; one of them must match. An empty list accepts everything. */
  readonly filters: readonly unknown[];
  readonly onFailureQueue?: string;
}

export interface TargetPlan {
  readonly queue: string;
  /** A constant text to send in place of the event. */
  readonly input?: string;
}

export interface RulePlan {
  readonly name: string;
  readonly bus: string;
  readonly pattern: unknown;
  readonly targets: readonly TargetPlan[];
}

export interface SchedulePlan {
  readonly name: string;
  readonly everySeconds: number;
  readonly targets: readonly TargetPlan[];
}

export interface JwtPlan {
  readonly issuer: string;
  readonly audience: readonly string[];
}

export interface RoutePlan {
  /** `POST /webhooks/{source}/{connection}`, or `$default`. */
  readonly key: string;
  readonly function: string;
  readonly jwt?: JwtPlan;
}

export interface Plan {
  readonly stack: string;
  readonly tables: readonly TablePlan[];
  readonly functions: readonly FunctionPlan[];
  readonly queues: readonly QueuePlan[];
  readonly buses: readonly string[];
  readonly rules: readonly RulePlan[];
  readonly schedules: readonly SchedulePlan[];
  readonly queueMappings: readonly QueueMappingPlan[];
  readonly streamMappings: readonly StreamMappingPlan[];
  readonly routes: readonly RoutePlan[];
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  /** The outputs of the template, by name. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Resources of the template with no effect on one machine: type, count, and reason. */
  readonly notRun: readonly { readonly type: string; readonly count: number; readonly why: string }[];
}
