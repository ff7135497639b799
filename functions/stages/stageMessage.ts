// What does a message of a stage's queue ask for? A fact that the stage owns, or the StageEntered of an event that opens it.
import * as z from 'zod';
import { type Owner, ownerOf, stagesOpenedBy } from '../../domain/lifecycle.ts';
import { stageEntered } from '../../domain/stages/stageEntered.ts';
import { type Fact, type Issue, parseFact, parseRecorded } from '../../events/catalog.ts';
import { intakeSource, recordedSource } from '../aws/eventBridge.ts';

/** A message understood; or why it can't be, with the event's id where one could be read. */
export type Understood =
  | { readonly ok: true; readonly fact: Fact }
  | { readonly ok: false; readonly reason: string; readonly eventId?: string | undefined };

const Envelope = z.object({ source: z.string(), detail: z.unknown() });
const Identified = z.object({ eventId: z.string().min(1).max(1024) });

const jsonOf = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
};

const listed = (issues: readonly Issue[]): string =>
  issues.map(({ path, message }) => `${path}: ${message}`).join('; ');

/** Reads a message's body: an EventBridge event whose detail is a fact, or a recorded event. */
export const understandMessage = (owner: Owner, body: string): Understood => {
  const envelope = Envelope.safeParse(jsonOf(body));
  if (!envelope.success) return { ok: false, reason: 'notAnEvent: the body is not an event of the bus as JSON' };
  const { source, detail } = envelope.data;
  const eventId = Identified.safeParse(detail).data?.eventId;
  const refuse = (reason: string): Understood => ({ ok: false, reason, eventId });
  switch (source) {
    case intakeSource: {
      const parsed = parseFact(detail);
      if (!parsed.ok) return refuse(`factNotUnderstood: ${listed(parsed.issues)}`);
      const fact = parsed.value;
      const rightful = ownerOf(fact.type, fact.data);
      if (rightful === owner) return { ok: true, fact };
      return refuse(`notOwned: ${fact.type} belongs to ${rightful ?? 'nobody'}, not to ${owner}`);
    }
    case recordedSource: {
      const parsed = parseRecorded(detail);
      if (!parsed.ok) return refuse(`eventNotUnderstood: ${listed(parsed.issues)}`);
      const stage = stagesOpenedBy(parsed.value).find((opened) => opened === owner);
      if (stage !== undefined) return { ok: true, fact: stageEntered(stage, parsed.value) };
      return refuse(`notAnOpener: this ${parsed.value.type} does not open ${owner}`);
    }
    default:
      return refuse(`sourceUnknown: ${source} is no source of the pipeline`);
  }
};
