// What does a person read about the rules of unclear handoffs?
import type { RuleTexts } from './ruleText.ts';

const noTimer = [
  'A handoff to oneself: nobody waits for it.',
  'A small deal: a policy sets the sum below which no handoff is needed.',
];
const oneMoment = 'The clocks of two systems: times within five minutes are one moment.';

export const unclearHandoffs: RuleTexts = {
  'P3.1': {
    asks: 'Did somebody take over before the work went on?',
    raised: 'The next stage began its work, and no handoff to it had been accepted.',
    because: 'A handoff is a moment that both sides know. Without it there is nothing to set.',
    severity: 'high',
    evidence: 'What began the need, the work, and the silence between them.',
    clears: 'A handoff of the pair is accepted, even if late.',
    knows: [
      'Work before the sale: it starts no delivery.',
      'A small deal, and a handoff to oneself that was accepted.',
      oneMoment,
    ],
  },
  'P3.2': {
    asks: 'Was a handoff offered at all?',
    raised: 'The business days after the need began passed, and nobody offered a handoff.',
    because: 'One working week.',
    severity: 'medium',
    evidence: 'What began the need, and the silence.',
    clears: 'A handoff is offered. It is absorbed where P3.1 of the same need stands: one failure is one flag.',
    knows: ['The holidays of the partner that leads: they are no business days.', ...noTimer],
  },
  'P3.3': {
    asks: 'Did the other side answer?',
    raised:
      'An offered handoff was neither accepted nor rejected in its business days, or by the time that the offer names, which may be thirty days ahead at most.',
    because: 'Three working days are enough to read what is offered.',
    severity: 'medium',
    evidence: 'The offer, and the silence.',
    clears: 'It is accepted or rejected.',
    knows: [
      'The holidays of the partner that leads.',
      'An offer that repeats the first begins no new wait.',
      ...noTimer,
    ],
  },
  'P3.4': {
    asks: 'Does a handoff hold what the next one needs?',
    raised: 'A handoff was offered without its new owner, an expectation, or its context.',
    because: 'These three are what a handoff is: who, what, and from where.',
    severity: 'medium',
    evidence: 'The offer, and what it lacks.',
    clears: 'It is offered again, complete.',
    knows: ['A small deal.', 'A handoff to Renew once the renewal is decided.'],
  },
  'P3.5': {
    asks: 'Do two sides send it back and forth?',
    raised: 'Handoffs of one pair were rejected so many times, and none was accepted between them.',
    because: 'One rejection is how a gap is found. The second shows that it was not closed.',
    severity: 'high',
    evidence: 'Each rejection (what it misses is for who led then), and their number.',
    clears: 'A handoff of the pair is accepted.',
    knows: ['A rejection on the way to a renewal that is decided by now.'],
  },
  'P3.6': {
    asks: 'Was something promised that can’t be delivered?',
    raised: 'A proposal commits to what the offer can’t do, or delivery found a commitment outside the scope.',
    because: 'The first half predicts, the second proves. Neither has a measure.',
    severity: 'high; critical once delivery found it',
    evidence: 'The proposal, the offer as sold, and what delivery found.',
    clears: 'The commitment is delivered, withdrawn, or changed by an order.',
    knows: [
      'A newer proposal whose offer can do it, while delivery has found nothing.',
      'Who settles it within five minutes.',
    ],
  },
  'P3.7': {
    asks: 'Is anybody responsible for this stage?',
    raised:
      'Nobody who takes part holds what the stage needs: sell in Sell, bill in Procure, deliver in Deliver, support from Report on.',
    because: 'Clear roles prevent gaps. It holds as soon as a role is empty.',
    severity: 'medium',
    evidence: 'The first declaration of a responsibility, what left this one empty, and the silence.',
    clears: 'Somebody takes the responsibility. It is moot once the stage is left.',
    knows: ['An engagement in which nobody declared any responsibility: roles are not kept there.', 'A small deal.'],
  },
};
