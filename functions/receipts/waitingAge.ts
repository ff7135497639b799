// Until when may a receipt wait, and which of them end soon?
import { addDays, type Instant } from '../../events/instant.ts';

/** `/v1/health` counts so many days ahead what is about to end. */
export const announcedDays = 30;

/** When a receipt that still waits ends as expired: at the first offer of sweep after this instant. */
export const waitsUntil = (receivedAt: Instant, waitingDays: number): Instant => addDays(receivedAt, waitingDays);

/** Of the receipts that wait, those that were received before this instant end within the announced days. */
export const endsSoonBefore = (now: Instant, waitingDays: number): Instant => addDays(now, announcedDays - waitingDays);
