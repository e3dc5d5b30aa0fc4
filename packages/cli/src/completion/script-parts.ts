import type { KnownCommand, KnownOption, Values } from './command-line.ts';

/** A text as a word of the shell: in single quotes, those within it written as all shells take them. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A pattern for `case` that holds for each of these texts. */
export function anyOf(texts: readonly string[]): string {
  return texts.map(quoted).join('|');
}

/** The lines of all commands below the program itself: by these a script knows where on the command line somebody is. */
export function belowTheProgram(commands: readonly KnownCommand[]): string[] {
  return commands.slice(1).map(({ line }) => line);
}

/** `--yes`, and `-y` where there is one. */
function namesOf({ flag, short }: KnownOption): string[] {
  return short === undefined ? [flag] : [flag, short];
}

/** Lines, each so far to the right. */
export function indented(spaces: number, lines: readonly string[]): string {
  return lines.map((line) => `${' '.repeat(spaces)}${line}`).join('\n');
}

/** The branches of a `case` over a command and the option before the cursor, each completing the option's values. */
export function optionCases({ line, options }: KnownCommand, completing: (values: Values) => string): string[] {
  return options.flatMap((option) => {
    if (option.values === undefined) return [];
    const typed = namesOf(option).map((name) => `${line} ${name}`);
    return [`${anyOf(typed)}) ${completing(option.values)}; return ;;`];
  });
}
