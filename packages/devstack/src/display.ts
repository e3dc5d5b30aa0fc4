/** How the progress of a start is shown: choices as lines of their own, phases of an installation in place. */
export interface Display {
  line(text: string): void;
  phase(text: string, seconds: number): void;
}

/** Without a terminal to update in place, a phase is a new line only this often. */
const secondsBetweenPlainLines = 5;

/** On a terminal the last line is the current phase, rewritten in place until the next lasting line. */
export function terminalDisplay(stream: NodeJS.WriteStream): Display {
  let inPlace = false;
  const clear = () => {
    if (inPlace) stream.write('\r\u001B[2K');
    inPlace = false;
  };
  return {
    line(text) {
      clear();
      stream.write(`${text}\n`);
    },
    phase(text, seconds) {
      clear();
      stream.write(`${text} (${seconds} s)`.slice(0, (stream.columns || 80) - 1));
      inPlace = true;
    },
  };
}

/** For logs and callbacks: whole lines only, phases thinned out. */
export function plainDisplay(report: (line: string) => void): Display {
  let nextPlainLine = 0;
  return {
    line: report,
    phase(text, seconds) {
      if (seconds < nextPlainLine) return;
      nextPlainLine = seconds + secondsBetweenPlainLines;
      report(`${text} (${seconds} s)`);
    },
  };
}

export function chooseDisplay(report: ((line: string) => void) | undefined): Display {
  if (report) return plainDisplay(report);
  if (process.stderr.isTTY) return terminalDisplay(process.stderr);
  return plainDisplay((line) => process.stderr.write(`${line}\n`));
}
