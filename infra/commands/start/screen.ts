// How does a command show its work and progress? It prints lines; on a terminal, the progress is one line that it redraws.
// `npm start` calls it; it writes to the stream that it is given.

/** The progress of a piece of work: the finished share from 0 to 1, and a text. */
export interface Progress {
  readonly share: number;
  readonly text: string;
}

/** The target of the output: `process.stdout` or `process.stderr`. */
export interface ScreenOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Screen {
  /** Prints one or more lines, above the progress line where there is one. */
  tell(text: string): void;
  /** Shows the progress: on a terminal it redraws the line, elsewhere it prints a line every ten per cent. The share never falls. */
  progress(progress: Progress): void;
  /** Removes the progress line; no progress is shown after that. */
  endProgress(): void;
}

/** Moves to the beginning of the line and erases it. */
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
      // A line that wraps at the margin becomes two lines, and the terminal would erase only the second.
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
