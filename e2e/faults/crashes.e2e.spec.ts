import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { eventually } from '@turno/testing';
import { BrokerOperator } from './broker-operator.ts';
import { Dice } from './dice.ts';
import { nothingWrong } from './nothing-wrong.ts';
import type { ServiceProcess } from './service-process.ts';
import { ServiceProcesses, type LinkName } from './service-processes.ts';

/** Six processes at once, on a machine that may be busy with other specs. */
const startMs = 120_000;
jest.setTimeout(60_000);
/** A caller with an Idempotency-Key, who repeats the request until there is an answer. */
const insistent = { repeatForMs: 20_000 };

/** Twenty who ask one request after the other: whatever is stopped has work in its hands. */
const rush = { callers: 20, pauseMs: 0 };

let system: ServiceProcesses;

function startWith(instances: number): void {
  beforeAll(async () => {
    system = await ServiceProcesses.start('crashes', { instances });
  }, startMs);
  afterAll(() => system.stop());
}

/** Ends an instance without a word. What it had sent and the network had not brought yet is lost with it. */
async function crash(service: ServiceProcess, link: LinkName): Promise<void> {
  await service.kill();
  system.link(link).lose();
  await system.link(link).mend();
}

const ticketing = () => system.ticketing[0]!;
const notifications = () => system.notifications[0]!;
const textsTo = (phone: string) => system.receiver.texts.filter(({ to }) => to === phone);

describe('when one instance dies', () => {
  startWith(1);
  test('when ticketing is killed between insert and publish, then the ticket stands and has one SMS', async () => {
    const held = system.link('ticketing to broker').holdFrom('ticket.created');
    const asking = system.callers.ask(insistent);
    await held;
    await eventually(async () => (await system.pendingEvents()) === 1);
    await crash(ticketing(), 'ticketing to broker');
    await ticketing().run();

    const { outcome, phone } = await asking;
    expect(outcome.kind).toBe('created');
    expect(await system.verdict()).toMatchObject(nothingWrong);
    expect(textsTo(phone)).toHaveLength(1);
  });

  test('when ticketing is killed between publish and mark, then the event comes twice and the SMS once', async () => {
    const operator = new BrokerOperator(system.servers.amqpUrl);
    await operator.copyEvents();
    const held = system.link('ticketing to database').holdFrom('$pullAll');
    const { phone } = await system.callers.ask();
    await held;
    await eventually(() => textsTo(phone).length === 1);
    await crash(ticketing(), 'ticketing to database');
    expect(await system.pendingEvents()).toBe(1);
    await ticketing().run();

    await eventually(async () => (await system.pendingEvents()) === 0);
    expect(await system.verdict()).toMatchObject(nothingWrong);
    expect((await operator.takeCopies()).filter((event) => event.includes(phone))).toHaveLength(2);
    expect(textsTo(phone)).toHaveLength(1);
  });

  test('when ticketing is killed before it replies, then the repeat under the key gets the one ticket', async () => {
    const held = system.link('ticketing to broker').holdFrom('amq.rabbitmq.reply-to');
    const asking = system.callers.ask(insistent);
    await held;
    await crash(ticketing(), 'ticketing to broker');
    await ticketing().run();

    const { outcome, phone } = await asking;
    expect(outcome.kind).toBe('created');
    expect(await system.verdict()).toMatchObject(nothingWrong);
    expect((await system.tickets()).filter((ticket) => ticket.phone === phone)).toHaveLength(1);
  });

  test('when notifications is killed before the provider is called, then the SMS is sent, once', async () => {
    const held = system.link('notifications to provider').holdFrom('POST');
    const { phone } = await system.callers.ask();
    await held;
    await crash(notifications(), 'notifications to provider');
    expect(textsTo(phone)).toEqual([]);
    await notifications().run();

    expect(await system.verdict()).toMatchObject(nothingWrong);
    expect(textsTo(phone)).toHaveLength(1);
  });

  test('when notifications is killed after the provider took the SMS and before the record, then it is not sent again', async () => {
    system.receiver.keepAnswers();
    const { phone } = await system.callers.ask();
    await eventually(() => textsTo(phone).length === 1);
    await notifications().kill();
    system.receiver.answer();
    await notifications().run();

    await eventually(async () => (await system.smsNotKnownToBeSent()) === 0);
    expect(await system.verdict()).toMatchObject(nothingWrong);
    expect(textsTo(phone)).toHaveLength(1);
  });

  test('when the provider takes the SMS and never answers, then it is asked again under the key and sends none twice', async () => {
    system.receiver.keepAnswers();
    const { phone } = await system.callers.ask();
    await eventually(() => system.receiver.requestsFor(phone) === 2);
    system.receiver.answer();

    await eventually(async () => (await system.smsNotKnownToBeSent()) === 0);
    expect(await system.verdict()).toMatchObject(nothingWrong);
    expect(textsTo(phone)).toHaveLength(1);
  });

  test('when ticketing is away past the deadline and comes back, then there are no ghost tickets', async () => {
    await ticketing().kill();
    const asked = await Promise.all(Array.from({ length: 20 }, () => system.callers.ask()));
    await ticketing().run();
    await system.serves();

    expect(asked.map(({ outcome }) => outcome)).toEqual(asked.map(() => ({ kind: 'unknown', why: '503' })));
    expect(await system.verdict()).toMatchObject(nothingWrong);
    const stored = new Set((await system.tickets()).map(({ phone }) => phone));
    expect(asked.filter(({ phone }) => stored.has(phone))).toEqual([]);
  });

  test('when poison comes among good events, then it is dead-lettered with its reason and every good one has its SMS', async () => {
    const operator = new BrokerOperator(system.servers.amqpUrl);
    await system.underLoad(async () => {
      for (let round = 0; round < 5; round++) {
        await operator.publishPoison(['not JSON', '{"id":"1"}']);
        await pause(200);
      }
    });

    expect(await system.verdict()).toMatchObject(nothingWrong);
    const reasons = (await operator.deadLetters()).map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'the message is not JSON')).toHaveLength(5);
    expect(reasons.filter((reason) => reason?.startsWith('the message breaks the contract'))).toHaveLength(5);
    expect(reasons).toHaveLength(10);
  });
});

describe('when there are two instances of ticketing and of notifications', () => {
  startWith(2);

  test.each(['ticketing', 'notifications'] as const)(
    'when %s is stopped by SIGTERM under load, one after the other, then not one request fails',
    async (service) => {
      const asked = await system.underLoad(async () => {
        for (const instance of system[service]) {
          await instance.terminate();
          await instance.run();
        }
      }, rush);

      expect(asked.filter(({ outcome }) => outcome.kind === 'unknown')).toEqual([]);
      expect(await system.verdict()).toMatchObject(nothingWrong);
    },
  );

  test('when the gateway is stopped by SIGTERM under load, then no request that it took fails', async () => {
    const asked = await system.underLoad(async () => {
      await system.gateway.terminate();
      await system.gateway.run();
    }, rush);

    const stored = new Set((await system.tickets()).map(({ phone }) => phone));
    const unknown = asked.filter(({ outcome }) => outcome.kind === 'unknown');
    expect(unknown.filter(({ phone }) => stored.has(phone))).toEqual([]);
    // Nobody listened: what is told 503 was taken.
    expect(unknown.filter(({ outcome }) => 'why' in outcome && outcome.why === '503')).toEqual([]);
    expect(await system.verdict()).toMatchObject(nothingWrong);
  });

  test('when one of the instances is killed every 2 s, then nothing is lost, doubled or made up', async () => {
    const dice = new Dice(16);
    await system.underLoad(async () => {
      for (let round = 0; round < 5; round++) {
        const instance = dice.oneOf([...system.ticketing, ...system.notifications]);
        await instance.kill();
        await Promise.all([instance.run(), pause(2_000)]);
      }
    });

    expect(await system.verdict()).toMatchObject(nothingWrong);
  });
});
