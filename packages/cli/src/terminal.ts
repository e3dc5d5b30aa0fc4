import { createInterface } from 'node:readline';

/** What a command talks to: the operator's terminal, or a script that reads its output. */
export interface Terminal {
  /** Whether somebody is there to be asked, and to watch a line change. */
  readonly isInteractive: boolean;
  /** A line of the result, to standard output. */
  say(line: string): void;
  /** A line that is not the result: complaints and progress, to standard error. */
  note(line: string): void;
  /** A line that the next one overwrites, for interactive terminals. */
  flash(line: string): void;
  /** Asks; anything but yes is a no, also Ctrl-C and the end of the input. */
  confirm(question: string): Promise<boolean>;
}

const clearLine = '\r\u001B[2K';

/** The terminal that the process has, if any. */
export const processTerminal: Terminal = {
  isInteractive: process.stdin.isTTY && process.stdout.isTTY && process.stderr.isTTY,
  say: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
  flash: (line) => void process.stderr.write(`${clearLine}${line.slice(0, (process.stderr.columns || 80) - 1)}`),
  confirm: (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stdout });
    return new Promise((resolve) => {
      let isYes = false;
      let isAnswered = false;
      lines.once('close', () => {
        if (!isAnswered) process.stdout.write('\n');
        resolve(isYes);
      });
      lines.question(`${question} [y/N] `, (answer) => {
        isAnswered = true;
        isYes = /^y(es)?$/i.test(answer.trim());
        lines.close();
      });
    });
  },
};
