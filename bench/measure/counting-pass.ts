import { isolate, type Isolated } from '@turno/devstack';
import type { Loop, ScenarioName } from '../load/order.ts';
import type { Stage } from '../stage.ts';
import type { System, SystemName } from '../systems/system.ts';
import { OperationCounter, perTicket, type Operations } from './operation-counter.ts';
import { drain, type SliceOrder } from './slice.ts';

/** What a ticket costs in operations. Counted on the wire, in a pass of its own that is not timed. */
export interface OperationsPerTicket {
  readonly system: SystemName;
  readonly scenario: ScenarioName;
  readonly loop: Loop;
  readonly tickets: number;
  readonly perTicket: Operations;
}

/** Counts the operations of a system, freshly installed, under each of the loads. */
export async function countOperations(
  stage: Stage,
  name: SystemName,
  orders: readonly SliceOrder[],
): Promise<OperationsPerTicket[]> {
  return countOn(await isolate(stage.stack, `bench-counted-${name}`), stage, name, orders);
}

/** The same on servers where the system was perhaps installed before; what it has stored there is removed at the end. */
export async function countOn(
  servers: Isolated,
  stage: Stage,
  name: SystemName,
  orders: readonly SliceOrder[],
): Promise<OperationsPerTicket[]> {
  const counter = await OperationCounter.between(servers);
  const system = await stage.startOn(servers, name, { via: counter.via });
  const counted: OperationsPerTicket[] = [];
  for (const order of orders) counted.push(await countSlice(stage, system, order, counter));
  await stage.end(system);
  await counter.close();
  return counted;
}

async function countSlice(
  stage: Stage,
  system: System,
  order: SliceOrder,
  counter: OperationCounter,
): Promise<OperationsPerTicket> {
  const before = counter.operations;
  const result = await stage.load(system, order);
  await drain(stage, system, result, order.withPhones);
  const { scenario, loop } = order;
  const tickets = result.created;
  return { system: system.name, scenario, loop, tickets, perTicket: perTicket(before, counter.operations, tickets) };
}
