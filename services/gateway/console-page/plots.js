import { byId } from './element.js';
import { ageOf, durationOf, numberOf } from './formats.js';
import { Plot } from './plot.js';
import { sumsOf } from './tiles.js';

/** @typedef {import('../src/console/figures.ts').Figures} Figures */

const minuteMs = 60_000;
const colours = ['one', 'two', 'three', 'four', 'five', 'six'];
const namedBranches = 5;

/** Steps of an axis: whole numbers, which are all that can be counted, and milliseconds. */
const steps = [0, 1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));
const latency = { format: durationOf, atLeast: 10, steps };
const count = { format: numberOf, atLeast: 4, steps };
const tickets = new Plot({ title: 'Tickets per minute', about: 'by branch', ...count });
const rpc = new Plot({ title: 'Calls to ticketing', about: 'until the answer, as this gateway sees it', ...latency });
const sms = new Plot({ title: 'SMS', about: 'from the ticket to the provider', ...latency });
const failures = new Plot({
  title: 'Failures in ten seconds',
  about: 'calls without an answer, and answers 5xx',
  ...count,
});
const depths = new Plot({ title: 'Messages in queues', about: 'while somebody looks', ...count });

export function placePlots() {
  byId('plots').append(...[tickets, rpc, sms, failures, depths].map(({ node }) => node));
}

/** @param {Figures} figures */
export function showPlots(figures) {
  showTickets(figures);
  showCalls(figures);
  showSms(figures);
  showDepths(figures);
}

/** @param {Figures} figures */
function showTickets({ at, tickets: part }) {
  const { since = at, branches = [] } = part.value ?? {};
  const moments = (branches[0]?.perMinute ?? []).map((_, i) => since + i * minuteMs);
  const named = branches.slice(0, namedBranches).map(({ name, perMinute }) => ({ name, values: perMinute }));
  const others = branches.slice(namedBranches).map(({ perMinute }) => perMinute);
  const lines = others.length > 0 ? [...named, { name: 'other branches', values: sumsOf(others) }] : named;
  tickets.show(at, moments, coloured(lines), ageOf(part, at) || (branches.length === 0 ? 'none in the last hour' : ''));
}

/** @param {Figures} figures */
function showCalls({ at, gateway }) {
  const { rpc: calls, http } = gateway;
  if (!calls) {
    rpc.show(at, [], [], 'not measured');
    failures.show(at, [], [], 'not measured');
    return;
  }
  const moments = calls.calls.map((_, i) => calls.since + i * calls.slotMs);
  const percentiles = [
    { name: 'p50', values: calls.p50 },
    { name: 'p95', values: calls.p95 },
  ];
  rpc.show(at, moments, coloured(percentiles), '');
  const failed = [{ name: 'calls to ticketing', values: calls.failed, colour: 'bad' }];
  const answers = http && { name: '5xx of the API', values: http.failed.slice(-moments.length), colour: 'four' };
  failures.show(at, moments, answers ? [...failed, answers] : failed, '');
}

/** @param {Figures} figures */
function showSms({ at, sms: part }) {
  const first = Math.floor(at / minuteMs) - 59;
  const moments = Array.from({ length: 60 }, (_, i) => (first + i) * minuteMs);
  const byMinute = new Map(part.value?.handover.map((of) => [of.minute, of]));
  const lines = /** @type {const} */ (['p50', 'p95']).map((name) => ({
    name,
    values: moments.map((minute) => byMinute.get(minute)?.[name] ?? null),
  }));
  sms.show(at, moments, coloured(lines), ageOf(part, at));
}

/** @param {Figures} figures */
function showDepths({ at, queues, depths: { since, slotMs, queues: series } }) {
  const moments = (series[0]?.messages ?? []).map((_, i) => since + i * slotMs);
  const lines = series.map(({ name, messages }) => ({ name, values: messages }));
  depths.show(at, moments, coloured(lines), ageOf(queues, at));
}

/** @param {readonly { name: string, values: readonly (number | null)[] }[]} lines */
function coloured(lines) {
  return lines.map((line, i) => ({ ...line, colour: colours[i] ?? 'six' }));
}
