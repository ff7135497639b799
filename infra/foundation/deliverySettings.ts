// Which recorded events does relay send, and how long does project gather commits? Both are read from the deploy context.
import { eventTypes } from '../../events/catalog.ts';
import { type ContextOf, listOf, mend, type Refuse } from './contextValues.ts';

const example = 'DealClosed,OrderPlaced';

/**
 * The types of the context `relayTypes`, without repetitions; none for `none`. Undefined where it says `all` or nothing: relay
 * sends every type.
 */
export const relayTypesOf = (contextOf: ContextOf, refuse: Refuse): readonly string[] | undefined => {
  const said = contextOf('relayTypes');
  if (said === undefined || said === '' || said === 'all') return undefined;
  if (said === 'none') return [];
  const given = listOf(said);
  for (const type of given) {
    if (eventTypes.some((known) => known === type)) continue;
    refuse(
      'relayTypeUnknown',
      `context \`relayTypes\` holds ${JSON.stringify(type)}, which is no type of an event. ${mend('relayTypes', example)} ` +
        `\`all\` sends every type, and \`none\` only what the stack itself needs. The types: ${eventTypes.join(', ')}.`,
    );
  }
  return [...new Set(given.map(String))];
};

/** Lambda knows whole seconds, and a longer wait saves hardly more. */
const usualGatherSeconds = 0;

/** The context `gatherSeconds`; the usual value where it says nothing, or was refused. */
export const gatherSecondsOf = (contextOf: ContextOf, refuse: Refuse): 0 | 1 => {
  const given = contextOf('gatherSeconds');
  if (given === undefined || given === '') return usualGatherSeconds;
  if (String(given) === '0') return 0;
  if (String(given) === '1') return 1;
  refuse(
    'gatherSecondsNeither0Nor1',
    `context \`gatherSeconds\` is neither 0 nor 1: ${JSON.stringify(given)}. ${mend('gatherSeconds', '1')}`,
  );
  return usualGatherSeconds;
};
