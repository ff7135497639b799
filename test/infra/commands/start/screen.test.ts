// Is progress one line that is redrawn on a terminal, and a line each ten per cent elsewhere, and does it disturb no other line?
import { describe, expect, test } from 'vitest';
import { createScreen } from '../../../../infra/commands/start/screen.ts';

/** A stream that is no terminal, and what was written to it. */
const file = () => {
  let written = '';
  return {
    write: (text: string) => {
      written += text;
    },
    written: () => written,
  };
};

/** One sign for the sequence of signs by which a terminal is told to erase its line from here on. */
const eraseToEnd = '\u0000';

/** A terminal that shows what is written to it as a real one does; `drawn` is what it showed after each write. */
const terminal = (columns = 80) => {
  let lines = [''];
  let column = 0;
  const drawn: (readonly string[])[] = [];
  const put = (sign: string): void => {
    // A sign beyond the last column goes to a line of its own, from which no carriage return leads back.
    if (column === columns) {
      lines.push('');
      column = 0;
    }
    const line = lines.at(-1) ?? '';
    lines = [...lines.slice(0, -1), `${line.slice(0, column).padEnd(column)}${sign}${line.slice(column + 1)}`];
    column += 1;
  };
  return {
    isTTY: true,
    columns,
    write: (text: string) => {
      for (const sign of text.replaceAll('\u001b[K', eraseToEnd)) {
        if (sign === '\r') column = 0;
        else if (sign === eraseToEnd) lines = [...lines.slice(0, -1), (lines.at(-1) ?? '').slice(0, column)];
        else if (sign === '\n') {
          lines.push('');
          column = 0;
        } else put(sign);
      }
      drawn.push([...lines]);
    },
    drawn,
    shows: (): readonly string[] => lines,
  };
};

const sent = (count: number, total = 200) => ({ share: count / total, text: `sent ${count} of ${total} messages` });

describe('without a terminal', () => {
  test('progress is a line every ten per cent, however often it is reported', () => {
    const out = file();
    const screen = createScreen(out);
    screen.tell('begun');
    for (let count = 0; count <= 200; count += 1) screen.progress(sent(count));
    screen.endProgress();
    screen.tell('over');
    expect(out.written().split('\n')).toEqual([
      'begun',
      ...Array.from({ length: 10 }, (_, index) => `${(index + 1) * 10}%: sent ${(index + 1) * 20} of 200 messages`),
      'over',
      '',
    ]);
  });

  test('progress that jumps, or starts in the middle, is one line and never falls', () => {
    const out = file();
    const screen = createScreen(out);
    for (const count of [126, 127, 110, 139, 139, 199, 200, 200]) screen.progress(sent(count));
    expect(out.written()).toBe(
      '63%: sent 126 of 200 messages\n99%: sent 199 of 200 messages\n100%: sent 200 of 200 messages\n',
    );
  });
});

describe('on a terminal', () => {
  test('progress is one line, which is redrawn and removed at the end', () => {
    const out = terminal();
    const screen = createScreen(out);
    screen.tell('begun');
    for (let count = 0; count <= 200; count += 1) screen.progress(sent(count));
    expect(out.shows()).toEqual(['begun', '100%: sent 200 of 200 messages']);
    screen.progress({ share: 1, text: 'done' });
    expect(out.shows()).toEqual(['begun', '100%: done']);
    expect(Math.max(...out.drawn.map((lines) => lines.length))).toBe(2);
    screen.endProgress();
    screen.tell('over');
    expect(out.shows()).toEqual(['begun', 'over', '']);
  });

  test('another line appears above it, whole', () => {
    const out = terminal();
    const screen = createScreen(out);
    screen.progress(sent(20));
    screen.tell('engine: hm');
    expect(out.shows()).toEqual(['engine: hm', '10%: sent 20 of 200 messages']);
    screen.progress(sent(21));
    screen.tell('two\nlines');
    expect(out.shows()).toEqual(['engine: hm', 'two', 'lines', '10%: sent 21 of 200 messages']);
  });

  test('it never falls, and is redrawn only where its text changes', () => {
    const out = terminal();
    const screen = createScreen(out);
    screen.progress(sent(100));
    screen.progress({ share: 0.1, text: 'sent 100 of 200 messages' });
    expect(out.drawn).toHaveLength(1);
    expect(out.shows()).toEqual(['50%: sent 100 of 200 messages']);
  });

  test('it is cut to the width of the terminal, because a second line could not be erased', () => {
    const out = terminal(20);
    const screen = createScreen(out);
    screen.progress(sent(100));
    screen.progress(sent(102));
    expect(out.shows()).toEqual(['51%: sent 102 of 20']);
    screen.endProgress();
    expect(out.shows()).toEqual(['']);
  });

  test('after its end it is not drawn again, even if work continues', () => {
    const out = terminal();
    const screen = createScreen(out);
    screen.progress(sent(100));
    screen.endProgress();
    screen.tell('Stopping …');
    screen.progress(sent(101));
    screen.endProgress();
    expect(out.shows()).toEqual(['Stopping …', '']);
  });
});
