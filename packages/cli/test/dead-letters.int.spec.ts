import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { retry } from '@turno/shared';
import { eventually } from '@turno/testing';
import {
  discardDeadLetters,
  listDeadLetters,
  redriveDeadLetters,
  showDeadLetter,
} from '../src/dead-letters-commands.ts';
import { EventQueue, events } from './event-queue.ts';
import { recordingTerminal } from './recording-terminal.ts';

const known = [events];
const poison = 'the message is not JSON';

let queue: EventQueue;

beforeAll(async () => {
  queue = await EventQueue.open('cli-dead-letters');
  process.env['AMQP_URL'] = queue.url;
});
beforeEach(() => queue.empty());
afterAll(async () => {
  delete process.env['AMQP_URL'];
  await queue.dispose();
});

async function list(): Promise<string[]> {
  const { terminal, said } = recordingTerminal();
  await listDeadLetters({ known }, terminal);
  return said;
}

/** The reasons and message ids that are left. */
async function left(): Promise<[string, string | null][]> {
  const { terminal, said } = recordingTerminal();
  await listDeadLetters({ known, json: true }, terminal);
  const { letters } = JSON.parse(said.join('')) as { letters: { reason: string; message_id: string | null }[] };
  return letters.map(({ reason, message_id: id }) => [reason, id]);
}

async function show(id: string, reveal: boolean): Promise<string> {
  const { terminal, said } = recordingTerminal();
  await showDeadLetter(id, { known, reveal }, terminal);
  return said.join('\n');
}

async function run(command: typeof redriveDeadLetters, options: Parameters<typeof discardDeadLetters>[0]) {
  const { terminal, said, noted } = recordingTerminal();
  return { code: await command({ known, ...options }, terminal), said, noted };
}

test('when a letter is shown as JSON, then headers and body are fields of it', async () => {
  await queue.giveUp(1, poison);
  const { terminal, said } = recordingTerminal();

  await showDeadLetter('@1', { known, json: true }, terminal);

  const { letters } = JSON.parse(said.join('')) as { letters: unknown[] };
  expect(letters).toEqual([expect.objectContaining({ reason: 'the message is not JSON', body: { id: 'event-1' } })]);
});

describe('turno dead-letters list', () => {
  test('when one is poison and another was given up after its deliveries, then each has a line, and each reason a total', async () => {
    await queue.consume(async () => retry('not yet'), 1);
    await queue.giveUp(1, poison);

    const [heading, first, second, , ...totals] = await list();

    expect(heading).toMatch(/^#  since +bytes  type +message id +request id +reason$/);
    expect(first).toMatch(/^1  \d{4}-\d\d-\d\dT[\d:]+Z +\d+  Happened  event-1 +request-1 +delivery_limit$/);
    expect(second).toMatch(/^2 .+ {2}Happened  event-1 +request-1 +the message is not JSON$/);
    expect(totals).toEqual(['      1 × delivery_limit', '      1 × the message is not JSON']);
  });

  test('when there are none, then it says so', async () => {
    expect(await list()).toEqual(['There are no dead letters in events.dead.']);
  });

  test('when a message holds what a terminal would obey, then it is shown and not obeyed', async () => {
    await queue.giveUp(1, '\u001B[2Jgone');

    expect((await list())[1]).toContain('\\u001b[2Jgone');
  });

  test('when a queue is named that nobody consumes, then the known ones are named', async () => {
    await expect(listDeadLetters({ known, queue: 'other.dead' })).rejects.toThrow('there is events.dead');
  });
});

describe('turno dead-letters show', () => {
  test('when a letter holds phones, then they are masked, in its body and its headers, until they are asked for', async () => {
    await queue.giveUp(1, 'no way to reach +51987776576', { data: { phone: '+51987776576' } });

    expect(await show('event-1', false)).not.toContain('87776');
    expect(await show('event-1', true)).toContain('"phone": "+51987776576"');
    expect(await show('event-1', true)).toContain('"x-dead-letter-reason": "no way to reach +51987776576"');
  });

  test('when the body is no JSON, then it is shown as it is, without the phones', async () => {
    await queue.giveUp(1, poison, '{"to": +51987776576');

    expect(await show('@1', false)).toContain('{"to": +51*******76');
  });

  test('when there is none of that id, then it fails and says so', async () => {
    await expect(show('event-9', false)).rejects.toThrow('there is no dead letter with the id event-9 in events.dead');
  });
});

describe('turno dead-letters redrive', () => {
  test('when all are redriven and again, then they are sent once, and the second time it says there is none', async () => {
    await queue.giveUp(3, poison);

    const first = await run(redriveDeadLetters, { all: true });
    const second = await run(redriveDeadLetters, { all: true });

    expect(first).toMatchObject({ code: 0, said: ['3 dead letters redriven.'] });
    expect(second).toMatchObject({
      code: 0,
      said: ['There is no dead letter at all in events.dead: nothing was redriven.'],
    });
    expect(await queue.handled(3)).toEqual(['event-1', 'event-2', 'event-3']);
  });

  test.each([
    ['an id is named', { id: 'event-2' }, ['event-2']],
    ['a place is named', { id: '@3' }, ['event-3']],
    ['a reason is named by its beginning', { reason: 'the message' }, ['event-1', 'event-2', 'event-3']],
  ])('when %s, then only those are sent', async (_what, selection, expected) => {
    await queue.giveUp(3, poison);
    await queue.giveUp(1, 'delivery_limit', {}, 4);

    await run(redriveDeadLetters, selection);

    expect(await queue.handled(expected.length)).toEqual(expected);
    expect(await left()).toHaveLength(4 - expected.length);
  });

  test.each([[{}], [{ id: 'event-1', all: true }], [{ reason: 'x', all: true }], [{ reason: '' }]])(
    'when the letters are named as %j, then it teaches and does nothing',
    async (selection) => {
      await expect(run(redriveDeadLetters, selection)).rejects.toThrow('--reason');
    },
  );
});

describe('turno dead-letters discard', () => {
  beforeEach(async () => {
    await queue.giveUp(2, poison);
    await queue.giveUp(1, 'delivery_limit', {}, 3);
  });

  test('when a reason is named with --yes, then its letters are gone and the others stay', async () => {
    const { code, said } = await run(discardDeadLetters, { reason: poison, yes: true });

    expect({ code, said }).toEqual({ code: 0, said: ['2 dead letters discarded.'] });
    expect(await left()).toEqual([['delivery_limit', 'event-3']]);
    await eventually(async () => (await queue.waiting()) === 0);
  });

  test('when nobody is there to confirm and --yes is missing, then nothing is discarded', async () => {
    await expect(run(discardDeadLetters, { all: true })).rejects.toThrow('--yes');

    expect(await left()).toHaveLength(3);
  });

  test.each([
    [true, 1],
    [false, 3],
  ])('when somebody answers %s, then %i are left, and it showed how many of which reason', async (answer, count) => {
    const { terminal, said, asked } = recordingTerminal(answer);

    await discardDeadLetters({ known, reason: poison }, terminal);

    expect(said[0]).toBe('      2 × the message is not JSON');
    expect(asked).toEqual(['Discard 2 dead letters for good?']);
    expect(await left()).toHaveLength(count);
  });

  test('when another comes while somebody thinks about it, then only those that were shown are gone', async () => {
    const { terminal } = recordingTerminal();
    const confirm = async () => {
      await queue.giveUp(1, poison, {}, 4);
      return true;
    };

    await discardDeadLetters({ known, reason: poison }, { ...terminal, isInteractive: true, confirm });

    expect(new Map(await left())).toEqual(
      new Map([
        ['delivery_limit', 'event-3'],
        [poison, 'event-4'],
      ]),
    );
  });
});
