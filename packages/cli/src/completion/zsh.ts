import type { KnownCommand, Values } from './command-line.ts';
import { anyOf, belowTheProgram, indented, optionCases, quoted } from './script-parts.ts';

/** What zsh sources, or finds as `_turno` in its fpath, so that the TAB key completes `turno`. */
export function zshScript(commands: readonly KnownCommand[]): string {
  return `#compdef turno
# Completes turno in zsh: source <(turno completion zsh), after compinit
_turno() {
  local at=turno word
  local -a candidates
  for word in \${words[2,CURRENT-1]}; do
    case "$at $word" in
      ${anyOf(belowTheProgram(commands))}) at="$at $word" ;;
    esac
  done
  case "$at $words[CURRENT-1]" in
${indented(
  4,
  commands.flatMap((command) => optionCases(command, completing)),
)}
  esac
  case "$at" in
${indented(4, commands.map(commandCase))}
  esac
}
if [[ $funcstack[1] == _turno ]]; then _turno "$@"; else compdef _turno turno; fi
`;
}

function commandCase({ line, subcommands, options, values = [] }: KnownCommand): string {
  const flags = describing(options.map(({ flag, what }) => ({ name: flag, what })));
  const here = subcommands.length > 0 ? describing(subcommands) : completing(values);
  return `${quoted(line)}) if [[ $PREFIX == -* ]]; then ${flags}; else ${here}; fi ;;`;
}

function describing(entries: readonly { readonly name: string; readonly what: string }[]): string {
  const candidates = entries.map(({ name, what }) => quoted(`${name}:${what}`));
  return `candidates=(${candidates.join(' ')}); _describe turno candidates`;
}

function completing(values: Values): string {
  if (values === 'file') return '_files';
  if (values === 'anything' || values.length === 0) return ':';
  return `compadd -- ${values.map(quoted).join(' ')}`;
}
