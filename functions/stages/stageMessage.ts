// Which facts does a message of a stage's queue ask the stage to record?
import * as z from 'zod';
import { type Owner, ownerOf, stagesOpenedBy } from '../../domain/lifecycle.ts';
import { isEngagementOf } from '../../domain/merging.ts';
import { engagementAbsorbed } from '../../domain/stages/engagementAbsorbed.ts';
import { stageEntered } from '../../domain/stages/stageEntered.ts';
import { type Fact, type Issue, parseFact, parseRecorded } from '../../events/catalog.ts';
import { jsonIn, type Understood } from '../aws/batchRecords.ts';
import { intakeSource, recordedSource } from '../aws/eventBridge.ts';

const Envelope = z.object({ source: z.string(), detail: z.unknown() });
const Pack = z.object({ facts: z.array(z.unknown()).min(1) });
const Identified = z.object({ eventId: z.string().min(1).max(1024) });

const listed = (issues: readonly Issue[]): string =>
  issues.map(({ path, message }) => `${path}: ${message}`).join('; ');

const eventIdIn = (detail: unknown): string | undefined => Identified.safeParse(detail).data?.eventId;

const factIn = (owner: Owner, detail: unknown): Understood<Fact> => {
  const refuse = (reason: string): Understood<Fact> => ({ ok: false, reason, eventId: eventIdIn(detail) });
  const parsed = parseFact(detail);
  if (!parsed.ok) return refuse(`factNotUnderstood: ${listed(parsed.issues)}`);
  const fact = parsed.value;
  const rightful = ownerOf(fact.type, fact.data);
  if (rightful === owner) return { ok: true, item: fact };
  return refuse(`notOwned: ${fact.type} belongs to ${rightful ?? 'nobody'}, not to ${owner}`);
};

const enteredBy = (owner: Owner, detail: unknown): Understood<Fact> => {
  const refuse = (reason: string): Understood<Fact> => ({ ok: false, reason, eventId: eventIdIn(detail) });
  const parsed = parseRecorded(detail);
  if (!parsed.ok) return refuse(`eventNotUnderstood: ${listed(parsed.issues)}`);
  const event = parsed.value;
  if (owner === 'control' && event.type === 'EngagementMerged') {
    return isEngagementOf(event.tenantId, event.data.into)
      ? { ok: true, item: engagementAbsorbed(event) }
      : refuse(`notOurs: ${event.data.into} is no engagement of ${event.tenantId}`);
  }
  const stage = stagesOpenedBy(event).find((opened) => opened === owner);
  if (stage !== undefined) return { ok: true, item: stageEntered(stage, event) };
  return refuse(`notAnOpener: this ${event.type} does not open ${owner}`);
};

/**
 * Reads a message's body: an EventBridge event whose detail is a pack of facts, or a recorded event. A detail that is one fact
 * is of an earlier release: it was in a queue, or an archive held it.
 */
export const understandMessage = (owner: Owner, body: string): readonly Understood<Fact>[] => {
  const envelope = Envelope.safeParse(jsonIn(body));
  if (!envelope.success) return [{ ok: false, reason: 'notAnEvent: the body is not the JSON of an event of the bus' }];
  const { source, detail } = envelope.data;
  switch (source) {
    case intakeSource: {
      const pack = Pack.safeParse(detail);
      return (pack.data?.facts ?? [detail]).map((fact) => factIn(owner, fact));
    }
    case recordedSource:
      return [enteredBy(owner, detail)];
    default: {
      const reason = `sourceUnknown: ${source} is not a source of the pipeline`;
      return [{ ok: false, reason, eventId: eventIdIn(detail) }];
    }
  }
};
