import type { KnownCommand, Values } from './command-line.ts';
import { anyOf, belowTheProgram, indented, optionCases, quoted } from './script-parts.ts';

/** What bash sources, so that the TAB key completes `turno`. */
export function bashScript(commands: readonly KnownCommand[]): string {
  return `# Completes turno in bash: source <(turno completion bash)
_turno() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} at=turno word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in
      ${anyOf(belowTheProgram(commands))}) at="$at $word" ;;
    esac
  done
  COMPREPLY=()
  case "$at $previous" in
${indented(
  4,
  commands.flatMap((command) => optionCases(command, completing)),
)}
  esac
  case "$at" in
${indented(4, commands.map(commandCase))}
  esac
}
complete -F _turno turno
`;
}

/** Options once a dash is there, else what may stand here. */
function commandCase({ line, subcommands, options, values = [] }: KnownCommand): string {
  const here = subcommands.length > 0 ? subcommands.map(({ name }) => name) : values;
  const flags = completing(options.map(({ flag }) => flag));
  return `${quoted(line)}) if [[ $current == -* ]]; then ${flags}; else ${completing(here)}; fi ;;`;
}

function completing(values: Values): string {
  if (values === 'file') return 'compopt -o default';
  if (values === 'anything' || values.length === 0) return ':';
  return `mapfile -t COMPREPLY < <(compgen -W ${quoted(values.join(' '))} -- "$current")`;
}
