// How does a command show what it does and how far it is? Line by line, and the progress as one line that a terminal redraws.
// `npm start` calls it; it writes to the stream that it is given.

/** How far a piece of work has come: its share from 0 to 1, and what has been done, in words. */
export interface Progress {
  readonly share: number;
  readonly text: string;
}

/** What is written to: `process.stdout` or `process.stderr`. */
export interface ScreenOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Screen {
  /** Prints one or more lines, above the progress where that is drawn. */
  tell(text: string): void;
  /** Shows the progress: redraws its line on a terminal, and elsewhere prints a line each ten per cent. It never goes back. */
  progress(progress: Progress): void;
  /** Takes the line of the progress away; from then on none is shown. */
  endProgress(): void;
}

/** To the beginning of the line, and all after it erased. */
const erase = '\r\u001b[K';

const usualColumns = 80;

const percentOf = ({ share }: Progress): number => Math.floor(Math.min(Math.max(share, 0), 1) * 100);

/** A screen on a stream. */
export function createScreen(out: ScreenOutput): Screen {
  const show = out.isTTY === true ? redrawn(out) : tenByTen(out);
  let furthest = 0;
  let ended = false;
  return {
    tell: show.tell,
    progress(progress) {
      if (ended) return;
      furthest = Math.max(furthest, percentOf(progress));
      show.progress(furthest, progress.text);
    },
    endProgress() {
      ended = true;
      show.clear();
    },
  };
}

interface Shown {
  tell(text: string): void;
  progress(percent: number, text: string): void;
  clear(): void;
}

function redrawn(out: ScreenOutput): Shown {
  let drawn = '';
  const redraw = (line: string, above = ''): void => {
    out.write(`${drawn === '' ? '' : erase}${above}${line}`);
    drawn = line;
  };
  return {
    tell: (text) => redraw(drawn, `${text}\n`),
    progress(percent, text) {
      // A line that breaks at the margin is two, of which the terminal would erase the second alone.
      const line = `${percent}%: ${text}`.slice(0, (out.columns ?? usualColumns) - 1);
      if (line !== drawn) redraw(line);
    },
    clear: () => {
      if (drawn !== '') redraw('');
    },
  };
}

function tenByTen(out: ScreenOutput): Shown {
  let tens = 0;
  return {
    tell: (text) => void out.write(`${text}\n`),
    progress(percent, text) {
      if (Math.floor(percent / 10) <= tens) return;
      tens = Math.floor(percent / 10);
      out.write(`${percent}%: ${text}\n`);
    },
    clear: () => undefined,
  };
}
