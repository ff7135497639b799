// What can one message say to every stage and to control? A handoff to each stage, and links of ids.
import { lifecycle } from '../../../domain/lifecycle.ts';
import type { Message } from '../sender.ts';

/** Facts about deals of a CRM, and links of seats to the first of them. */
export const ofEveryOwner = (deals: readonly string[], seats: readonly string[]): readonly Message[] => {
  const name = seats.join('-');
  const said = (type: string, id: string, rest: Pick<Message, 'data' | 'subject'>): Message => ({
    ...{ id: `${name} ${id}`, type: `throughline.${type}`, time: '2026-04-02T09:00:00Z' },
    ...rest,
  });
  const offered = (deal: string): readonly Message[] =>
    lifecycle.map(({ stage: toStage }) => {
      const data = { handoffId: `h-${name}`, fromStage: toStage === 'sell' ? 'mobilize' : 'sell', toStage };
      return said('HandoffOffered', `${deal} ${toStage}`, { subject: `crm/opportunity/${deal}`, data });
    });
  const to = { external: { system: 'crm', kind: 'opportunity', id: deals[0] } };
  const linked = (id: string): Message => {
    const data = { external: { system: 'crm', kind: 'seat', id }, to, reason: 'a seat' };
    return said('IdentityLinked', id, { data });
  };
  return [...deals.flatMap(offered), ...seats.map(linked)];
};
