import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { catalogue } from '@turno/shared';
import { parse } from 'yaml';
import { knownCommands } from './completion/command-line.ts';
import { program } from './program.ts';

const demoFile = new URL('../../../catalogue/demo.yaml', import.meta.url);

/** What `turno … --help` prints. */
function helpOf(...names: string[]): string {
  let shown = '';
  let command = program();
  for (const name of names) command = command.commands.find((sub) => sub.name() === name)!;
  command.configureOutput({ writeOut: (text) => (shown += text) }).outputHelp();
  return shown;
}

describe('turno --help', () => {
  const help = helpOf();

  test.each(['TICKETING_MONGO_URL', 'NOTIFICATIONS_MONGO_URL', 'AMQP_URL'])(
    'when it is read, then it names %s',
    (variable) => {
      expect(help).toContain(variable);
    },
  );

  test.each([
    'turno migrate',
    'turno catalogue validate',
    'turno catalogue import',
    'turno catalogue export',
    'turno customers import',
    'turno dead-letters list',
    'turno dead-letters redrive',
    'turno sms list',
    'turno sms resend',
  ])('when it is read, then it shows how to type "%s"', (line) => expect(help).toContain(`$ ${line}`));

  test.each(knownCommands(program()).slice(1))(
    'when help is asked for $line, then it says what the command does',
    ({ line }) => {
      const [usage, , description] = helpOf(...line.split(' ').slice(1)).split('\n');

      expect(usage).toContain(line);
      expect(description).toMatch(/\w+ .+/);
    },
  );

  const doing = knownCommands(program()).filter(({ subcommands }) => subcommands.length === 0);

  test.each(doing)('when help is asked for $line, then it has an example and the exit codes', ({ line }) => {
    const shown = helpOf(...line.split(' ').slice(1));

    expect(shown).toMatch(new RegExp(`\\$ (source <\\()?${line}`));
    expect(shown).toMatch(/Exit codes?:? /);
  });

  const finding = ['doctor', 'catalogue validate', 'catalogue import', 'customers import', 'dead-letters list'];
  finding.push('dead-letters show', 'sms list', 'sms show');

  test.each(finding)('when %s finds or lists something, then it can do so as JSON', (names) => {
    expect(helpOf(...names.split(' '))).toContain('--json');
  });
});

test('when help is asked for customers import, then it names every column and both options', () => {
  const help = helpOf('customers', 'import');

  for (const word of ['id,id_type,id_number,phone,language,promotions', '--rejects <file>', '--restart']) {
    expect(help).toContain(word);
  }
});

describe('the demo catalogue', () => {
  test('when it is checked, then it is a good one and holds the sample of the contract', async () => {
    const content = catalogue.parse(parse(await readFile(demoFile, 'utf8')));

    expect(content.branches.find(({ id }) => id === '27b6')).toMatchObject({ code: 'AG001', open_counters: 2 });
    expect(content.services.find(({ id }) => id === '7b6')).toMatchObject({ queue: 'T', mean_minutes: 25 });
    expect(content.known_customers.map(({ id }) => id)).toContain('a9087s902m');
  });
});
