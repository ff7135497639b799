// How do a source's messages arrive: over a webhook, or over a partner's event bus?
import type * as z from 'zod';

/** A message as it arrived. */
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

/** The rules that a sender follows, for the documents of the API. */
export interface SenderContract {
  /** One sentence. */
  readonly description: string;
  /** The headers that every message carries, and what each holds. */
  readonly headers: Readonly<Record<string, string>>;
  /** The schema of a body, by its media type. Any other JSON is allowed too. */
  readonly bodies?: Readonly<Record<string, z.ZodType>>;
  /** Schemas inside bodies that the documents list by name. */
  readonly shapes?: Readonly<Record<string, z.ZodType>>;
}

/** What a sender posts, beside the URL. */
export interface SampleRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Messages arrive over HTTP, at `/webhooks/{source}/{connection}`. */
export interface Webhook {
  readonly way: 'webhook';
  readonly contract: SenderContract;
  /** The status that tells the sender that its message is kept. */
  readonly acceptedStatus: 200 | 202;
  /** Makes a signing secret of 32 random bytes, in the form that senders expect. Absent: the source issues its own. */
  secretOf?(random: Uint8Array): string;
  /** Where a person finds the secret that the source itself issues, in one sentence. Absent: the sender uses ours. */
  readonly issuesSecret?: string;
  /** A message that means nothing, with its signature: for a sender's first try. `id` is new each time. */
  sampleOf?(input: { readonly secret: string; readonly id: string; readonly now: string }): SampleRequest;
  /**
   * Whether the sender signed the message. `secrets` are those in force (two during a rotation), `now` is an instant.
   */
  verify(input: { readonly message: Message; readonly secrets: readonly string[]; readonly now: string }): Verified;
  /** Absent: senders ask nothing before they send. */
  handshake?(headers: Message['headers']): Handshake;
}

/**
 * Messages arrive over an EventBridge partner event bus. Only that partner can put messages on it, so there is nothing
 * to verify.
 */
export interface PartnerBus {
  readonly way: 'partnerBus';
  /** What an administrator of the account sets up first, in one sentence. */
  readonly setUp: string;
  /** The partner event source that an account has by default. */
  partnerSourceOf(account: string): string;
  /**
   * The account that a partner event source's name holds, or the alias of the account if the name holds none. Undefined
   * if the name belongs to another source.
   */
  accountOfBus(partnerSource: string): string | undefined;
  /** The `detail-type` of an event whose detail alone is known; undefined if the detail does not tell it. */
  detailTypeOf?(detail: unknown): string | undefined;
}

export type Delivery = Webhook | PartnerBus;
