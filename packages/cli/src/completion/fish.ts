import type { KnownCommand, KnownOption, Values } from './command-line.ts';
import { belowTheProgram } from './script-parts.ts';

/** What fish sources, so that the TAB key completes `turno`. */
export function fishScript(commands: readonly KnownCommand[]): string {
  return `# Completes turno in fish: turno completion fish | source
function __turno_at
  set -l at turno
  for word in (commandline -opc)[2..]
    switch "$at $word"
      case ${belowTheProgram(commands).map(quotedForFish).join(' ')}
        set at "$at $word"
    end
  end
  test "$at" = "$argv"
end
complete -c turno -f
${commands.flatMap(completions).join('\n')}
`;
}

function completions(command: KnownCommand): string[] {
  const { line, subcommands, options, values } = command;
  const here = `complete -c turno -n ${quotedForFish(`__turno_at ${line}`)}`;
  return [
    ...subcommands.map(({ name, what }) => `${here} -a ${name} -d ${quotedForFish(what)}`),
    ...(values === undefined || values === 'anything' ? [] : [`${here} ${argument(values)}`]),
    ...options.map((option) => `${here} ${described(option)}`),
  ];
}

function described({ flag, short, what, values }: KnownOption): string {
  const names = [`-l ${flag.slice(2)}`, ...(short === undefined ? [] : [`-s ${short.slice(1)}`])];
  return [...names, ...valueOf(values), `-d ${quotedForFish(what)}`].join(' ');
}

/** `-x` wants a value that is no file, `-r` one that may be. */
function valueOf(values: Values | undefined): string[] {
  if (values === undefined) return [];
  if (values === 'file') return ['-r', '-F'];
  return values === 'anything' ? ['-x'] : ['-x', argument(values)];
}

function argument(values: Exclude<Values, 'anything'>): string {
  return values === 'file' ? '-F' : `-a ${quotedForFish(values.join(' '))}`;
}

/** fish has an escape within single quotes, where other shells have none. */
function quotedForFish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
