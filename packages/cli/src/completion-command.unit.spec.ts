import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { completionScript, shells } from './completion-command.ts';
import { program } from './program.ts';

/** Completes each line in a real bash as the TAB key at its end would: the words that it offers. */
function completedInBash(lines: readonly string[]): string[][] {
  const asks = lines.map((line) => {
    const words = line.split(' ').map((word) => `'${word}'`);
    return `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _turno; echo "\${COMPREPLY[*]}"`;
  });
  const script = [completionScript('bash', program()), 'compopt() { COMPREPLY=("files: $*"); }', ...asks].join('\n');
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-u', '-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').filter(Boolean));
}

describe('the TAB key in bash', () => {
  const cases: readonly [line: string, offered: readonly string[]][] = [
    ['turno cat', ['catalogue']],
    ['turno d', ['doctor', 'dead-letters']],
    ['turno dead-letters re', ['redrive']],
    ['turno sms list --st', ['--state']],
    ['turno sms list --state UN', ['UNKNOWN']],
    ['turno sms list --limit 5 --js', ['--json']],
    ['turno sms resend --state ', ['FAILED', 'UNKNOWN']],
    ['turno sms resend k1 -', ['--ticket', '--phone']],
    ['turno doctor --j', ['--json']],
    ['turno completion ', ['bash', 'zsh', 'fish']],
    ['turno catalogue import ', ['files:', '-o', 'default']],
    ['turno customers import --rejects ', ['files:', '-o', 'default']],
    ['turno sms list --ticket ', []],
    ['turno nonsense ', ['doctor']],
  ];
  const offered = completedInBash(cases.map(([line]) => line));

  test.each(cases.map(([line, words], i) => [line, words, offered[i]!] as const))(
    'when it is pressed behind "%s", then it offers %j',
    (_line, words, seen) => {
      const meant = seen.filter((word) => words.length === 0 || words.includes(word));

      expect(meant.toSorted()).toEqual(words.toSorted());
    },
  );
});

test.each(shells)('when the script for %s is asked for, then it names every command', (shell) => {
  const script = completionScript(shell, program());

  for (const command of program().commands) expect(script).toContain(command.name());
});
