import type { Terminal } from '../src/terminal.ts';

/** A terminal that remembers what it was told, and answers every question alike; without an answer nobody is there. */
export function recordingTerminal(answer?: boolean) {
  const said: string[] = [];
  const noted: string[] = [];
  const asked: string[] = [];
  const terminal: Terminal = {
    isInteractive: answer !== undefined,
    say: (line) => void said.push(line),
    note: (line) => void noted.push(line),
    flash: () => undefined,
    confirm: async (question) => {
      asked.push(question);
      return answer === true;
    },
  };
  return { terminal, said, noted, asked };
}
