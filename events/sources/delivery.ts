// How do a source's messages come? Over HTTP to a webhook of ours, which verifies them, or over a partner's event bus, which admits only them.
import type * as z from 'zod';

/** A message as it came. */
export interface Message {
  /** The exact raw text; from a partner bus the whole EventBridge envelope. */
  readonly body: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAt: string;
}

export type Verified = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** The answer to an OPTIONS request. */
export interface Handshake {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a sender keeps to, as the documents of the API tell it. */
export interface SenderContract {
  /** One sentence. */
  readonly description: string;
  /** The headers that every message carries, and what each holds. */
  readonly headers: Readonly<Record<string, string>>;
  /** What a body holds, by its media type, beside any JSON. */
  readonly bodies?: Readonly<Record<string, z.ZodType>>;
  /** Shapes in bodies that documents keep by name. */
  readonly shapes?: Readonly<Record<string, z.ZodType>>;
}

/** Messages come over HTTP, to `/webhooks/{source}/{connection}`. */
export interface Webhook {
  readonly way: 'webhook';
  readonly contract: SenderContract;
  /** The status that tells the sender that its message is kept. */
  readonly acceptedStatus: 200 | 202;
  /** A signing secret made of 32 random bytes, in the form that its senders expect; absent: the source issues its own. */
  secretOf?(random: Uint8Array): string;
  /** Whether the message is the sender's: `secrets` are those in force (two during a roll), `now` an instant. */
  verify(input: { readonly message: Message; readonly secrets: readonly string[]; readonly now: string }): Verified;
  /** Absent: its senders ask nothing before they send. */
  handshake?(headers: Message['headers']): Handshake;
}

/** Messages come over the event bus of a partner of EventBridge's: it admits only its own, so that there is nothing to verify. */
export interface PartnerBus {
  readonly way: 'partnerBus';
  /** What its people set up first, in a sentence. */
  readonly setUp: string;
  /** The partner event source of an account, where nothing else is known of it. */
  partnerSourceOf(account: string): string;
  /** The account (or, where the bus names none, the alias) that a partner event source's name stands for; undefined: not ours. */
  accountOfBus(partnerSource: string): string | undefined;
}

export type Delivery = Webhook | PartnerBus;
