import type { Command } from 'commander';
import { bashScript } from './completion/bash.ts';
import { knownCommands } from './completion/command-line.ts';
import { fishScript } from './completion/fish.ts';
import { zshScript } from './completion/zsh.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
export type Shell = keyof typeof scripts;

export const shells = Object.keys(scripts) as readonly Shell[];

/** The script that teaches a shell to complete a program's command line. It says all that the program knows of itself now. */
export function completionScript(shell: Shell, program: Command): string {
  return scripts[shell](knownCommands(program));
}
