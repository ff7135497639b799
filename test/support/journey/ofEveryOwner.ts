// What can one message say to every stage and to control? A handoff to each stage, and links of ids.
import { lifecycle } from '../../../domain/lifecycle.ts';
import type { Message } from '../sender.ts';

/** Facts about deals of a CRM, and links of seats to the first of them. */
export const ofEveryOwner = (
  deals: readonly string[],
  seats: readonly string[],
): readonly Pick<Message, 'type' | 'subject' | 'data'>[] => {
  const offered = (deal: string) =>
    lifecycle.map(({ stage: toStage }) => ({
      ...{ type: 'HandoffOffered', subject: `crm/opportunity/${deal}` },
      // Handoffs of one id and instant would be one handoff, and chance would say to which stage.
      data: {
        handoffId: `h-${seats.join('-')}-${toStage}`,
        fromStage: toStage === 'sell' ? 'mobilize' : 'sell',
        toStage,
      },
    }));
  const to = { external: { system: 'crm', kind: 'opportunity', id: deals[0] } };
  const linked = (id: string) => ({
    type: 'IdentityLinked',
    data: { external: { system: 'crm', kind: 'seat', id }, to, reason: 'a seat' },
  });
  return [...deals.flatMap(offered), ...seats.map(linked)];
};
