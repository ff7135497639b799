// Which texts stand in a JSON text, exactly as they are written: the elements of a list, the members of an object?

/** The texts between the commas of the outermost list or object. `text` is valid JSON. */
const slicesOf = (text: string): readonly string[] => {
  const inside = text.trim().slice(1, -1);
  const slices: string[] = [];
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let index = 0; index < inside.length; index += 1) {
    const character = inside[index];
    if (quoted) {
      if (character === '\\') index += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    else if (character === ',' && depth === 0) {
      slices.push(inside.slice(from, index).trim());
      from = index + 1;
    }
  }
  const last = inside.slice(from).trim();
  return last === '' ? slices : [...slices, last];
};

/** The elements of a list. Numbers keep their digits, which parsing would lose. */
export const elementsOf = (list: string): readonly string[] => slicesOf(list);

/** The text of an object's member; undefined if it has none of that name. Of two with one name the last counts, as in parsing. */
export const memberOf = (object: string, name: string): string | undefined => {
  const members = slicesOf(object).map((slice) => {
    const key = /^"(?:[^"\\]|\\.)*"/.exec(slice)?.[0] ?? '""';
    return { name: JSON.parse(key), text: slice.slice(key.length).replace(/^\s*:\s*/, '') };
  });
  return members.findLast((member) => member.name === name)?.text;
};
