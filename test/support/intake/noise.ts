// Which text stays as long when it is compressed?
import { createHash } from 'node:crypto';

/** Text that hardly compresses, the same each time. */
export const noise = (length: number): string => {
  let text = '';
  for (let round = 0; text.length < length; round += 1)
    text += createHash('sha512').update(`${round}`).digest('base64');
  return text.slice(0, length);
};
