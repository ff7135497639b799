// Which event of a partner bus is a message of a file: a whole EventBridge event, or only its detail?
import type { PartnerBus } from '../../../events/sources/delivery.ts';
import { isObject } from '../../local/core/json.ts';
import { refuse } from '../../local/core/refusal.ts';
import { memberOf } from './jsonSlices.ts';
import type { FileMessage } from './messagesFile.ts';

export interface BusEvent {
  readonly detailType: string;
  /** The exact JSON text of the detail. */
  readonly detailText: string;
  /** Epoch milliseconds; absent: now. */
  readonly time?: number;
}

const timeOf = (time: unknown): number | undefined => {
  const at = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
};

/** The event that a message is; refuses, with its place, what is none. */
export function busEventOf({ place, text }: FileMessage, { detailTypeOf }: PartnerBus): BusEvent {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refuse(`${place} is not JSON: ${error instanceof Error ? error.message : error}.`, error);
  }
  if (!isObject(json)) return refuse(`${place} is no event: expected an object.`);
  const whole = isObject(json.detail);
  const named = json['detail-type'];
  const detailType = typeof named === 'string' && named !== '' ? named : detailTypeOf?.(whole ? json.detail : json);
  if (detailType === undefined) {
    return refuse(
      `${place} has no "detail-type", and its detail doesn't tell it: give the whole event, { "detail-type", "detail" }.`,
    );
  }
  const time = whole ? timeOf(json.time) : undefined;
  const detailText = (whole ? memberOf(text, 'detail') : undefined) ?? text;
  return { detailType, detailText, ...(time !== undefined && { time }) };
}
