import type { Command, Option } from 'commander';

/** What may follow an option, or stand as an argument: one of these words, a file, or something that nobody can guess. */
export type Values = readonly string[] | 'file' | 'anything';

export interface KnownOption {
  /** With its dashes: `--json`. */
  readonly flag: string;
  readonly short: string | undefined;
  readonly what: string;
  /** Undefined for one that takes no value. */
  readonly values: Values | undefined;
}

/** A command as somebody types it, and what can follow. */
export interface KnownCommand {
  /** `turno sms list` */
  readonly line: string;
  readonly subcommands: readonly { readonly name: string; readonly what: string }[];
  readonly options: readonly KnownOption[];
  /** Undefined where it takes no argument. */
  readonly values: Values | undefined;
}

/** The program and all commands below it, as commander knows them. */
export function knownCommands(command: Command, above: readonly string[] = []): KnownCommand[] {
  const words = [...above, command.name()];
  const help = command.createHelp();
  const subcommands = help.visibleCommands(command);
  const [argument] = command.registeredArguments;
  const known: KnownCommand = {
    line: words.join(' '),
    subcommands: subcommands.map((sub) => ({ name: sub.name(), what: sub.description() })),
    options: help.visibleOptions(command).map(knownOption),
    values: argument && (argument.argChoices ?? (argument.name() === 'file' ? 'file' : 'anything')),
  };
  const named = subcommands.filter((sub) => sub.name() !== 'help');
  return [known, ...named.flatMap((sub) => knownCommands(sub, words))];
}

function knownOption(option: Option): KnownOption {
  const takesValue = option.required || option.optional;
  const isFile = /<file>/.test(option.flags);
  return {
    flag: option.long!,
    short: option.short,
    what: option.description,
    values: takesValue ? (option.argChoices ?? (isFile ? 'file' : 'anything')) : undefined,
  };
}
