// What is said of a route of the read API?
import type { JsonObject } from './jsonSchema.ts';
import type { Parameter } from './readParameters.ts';

export interface ReadRoute {
  /** The path, with `{…}` for the parts that vary. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** The query parameters; `path` names its own. */
  readonly asked: readonly Parameter[];
  /** The name of the answer's component. */
  readonly answer: string;
  /** The answer in other formats, by content type. */
  readonly files?: JsonObject;
  /** Whether it may answer 202: a run takes over where much must be folded. */
  readonly long?: true;
  /** Whether it may answer 404. */
  readonly absent?: true;
  /** Whether it may answer 409. */
  readonly conflicts?: true;
  /** Whether only the tenant's own people may ask. */
  readonly vendorsOnly?: true;
}
