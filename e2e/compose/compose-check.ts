// `npm run compose:check`: docker-compose.yml on this machine's Docker Engine, under load, and what became of every request.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { makeSecrets } from '@turno/cli';
import { eventually, fetchOnce } from '@turno/testing';
import { checkout, ComposeProject, SeenTexts } from './compose-project.ts';
import { noLimits } from '../../scripts/start/no-limits.ts';
import { underLoad, type Addresses, type LoadVerdict } from './load.ts';

const usage = `Brings docker-compose.yml up under a project name of its own, and judges it.

  npm run compose:check [-- --proxy] [-- --keep]

  --proxy  also several instances behind the proxy, and rolling restarts that may fail no request
  --keep   leaves everything up in the end, to be looked at

Ends with 1 when anything is not as it has to be.`;

const name = 'turno-check';
const upWithinMs = 180_000;
const request = { branch_id: '27b6', sector_id: 's8', service_id: '7b6', customer_id: 'a9087s902m' };
const texts = new SeenTexts();
let failures = 0;

function report(isGood: boolean, line: string): void {
  console.log(`${isGood ? 'good' : 'BAD '} ${line}`);
  if (!isGood) failures++;
}

function reportLoad(what: string, verdict: LoadVerdict, mayGoUnanswered: boolean): void {
  const { requests, created, unanswered, lost, doubled } = verdict;
  const isGood = created > 0 && lost.length + doubled.length === 0 && (mayGoUnanswered || unanswered.length === 0);
  report(isGood, `${what}: ${requests} requests, ${created} tickets, ${unanswered.length} without an answer`);
  for (const line of [...lost, ...doubled, ...(mayGoUnanswered ? [] : unanswered)].slice(0, 10))
    console.log(`     ${line}`);
}

function addressesOf(project: ComposeProject, [service, inboxService]: readonly [string, string]): Addresses {
  return { api: () => project.address(service, 3000), inbox: () => project.address(inboxService, 3002) };
}

/** The services end at once, and name the variable. */
async function wrongVariables(project: ComposeProject): Promise<void> {
  const missing = await project.attempt(['config', '--quiet'], { RABBITMQ_GATEWAY_PASSWORD: '' });
  report(
    missing.code !== 0 && missing.output.includes('RABBITMQ_GATEWAY_PASSWORD'),
    'a missing password is named by Compose',
  );
  const wrong = ['run', '--rm', '--no-deps', '--env'];
  for (const [service, variable] of [
    ['gateway', 'RPC_TIMEOUT_MS'],
    ['ticketing', 'TICKETING_MONGO_URL'],
    ['notifications', 'SMS_PROVIDER'],
  ] as const) {
    const started = performance.now();
    const { code, output } = await project.attempt([...wrong, `${variable}=wrong`, service]);
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    report(
      code === 1 && output.includes(variable),
      `${service} with a wrong ${variable} ended with ${code} after ${seconds} s`,
    );
  }
}

async function stopAndStartEach(project: ComposeProject): Promise<void> {
  for (const service of ['rabbitmq', 'mongo', 'ticketing', 'notifications', 'gateway']) {
    await project.compose('stop', service);
    await pause(2_000);
    await project.compose('start', service);
    await eventually(async () => (await health(project, service)) === 'healthy', 90_000);
    console.log(`     ${service} was stopped and started`);
  }
  // The others are well again before the judgement, and the load goes on meanwhile.
  for (const service of ['ticketing', 'notifications', 'gateway']) {
    await eventually(async () => (await health(project, service)) === 'healthy', 60_000);
  }
}

async function health(project: ComposeProject, service: string): Promise<string> {
  const [container] = await project.containers(service);
  if (!container) return 'gone';
  return (await project.docker('inspect', '--format', '{{.State.Health.Status}}', container)).trim();
}

async function takeSample(addresses: Addresses): Promise<string> {
  const answer = await fetchOnce(`${await addresses.api()}/customer/v1/tickets`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const { id } = (await answer.json()) as { id: string };
  await eventually(async () => {
    await texts.read(await addresses.inbox());
    return texts.countOf(id) === 1;
  });
  return id;
}

async function oneOfEach(project: ComposeProject): Promise<void> {
  const addresses = addressesOf(project, ['gateway', 'notifications']);
  const started = performance.now();
  await project.compose('up', '--build', '--wait');
  const took = performance.now() - started;
  report(took < upWithinMs, `docker compose up --build --wait took ${Math.round(took / 1_000)} s`);
  const id = await takeSample(addresses);
  report(true, 'the sample request ended as an SMS');
  await wrongVariables(project);
  reportLoad(
    'each container stopped and started',
    await underLoad(addresses, texts, () => stopAndStartEach(project)),
    true,
  );

  await project.compose('down');
  await project.compose('up', '--wait');
  const kept = await fetchOnce(`${await addresses.api()}/customer/v1/tickets/${id}`);
  report(kept.status === 200, `after down and up the ticket is there: ${kept.status}`);
}

async function severalBehindProxy(project: ComposeProject): Promise<void> {
  const addresses = addressesOf(project, ['proxy', 'notifications']);
  const scales = ['ticketing=3', 'notifications=2', 'gateway=2'].flatMap((scale) => ['--scale', scale]);
  await project.compose('up', '--wait', ...scales);
  await eventually(async () => (await fetchOnce(`${await addresses.api()}/customer/v1/branches`)).ok, 30_000);
  await takeSample(addresses);
  report(true, 'three ticketing, two notifications and two gateways serve behind the proxy');
  for (const service of ['ticketing', 'notifications', 'gateway']) {
    const restart = async () => {
      await project.program('deploy/rolling-restart.sh', service);
      await pause(2_000);
    };
    reportLoad(`rolling restart of ${service}`, await underLoad(addresses, texts, restart), false);
  }
}

/** What counts is whether a request fails, not how long it takes on a machine that starts containers meanwhile. */
const patience = { RPC_TIMEOUT_MS: '8000' };

function projects(envFile: string): { single: ComposeProject; several: ComposeProject } {
  // The load comes from one address, for phones that are much alike: limits would take it for abuse.
  const ports = { GATEWAY_PORT: '127.0.0.1:13000', NOTIFICATIONS_PORT: '13002', ...noLimits };
  const free = { GATEWAY_PORT: '127.0.0.1:0', NOTIFICATIONS_PORT: '0', TRUSTED_PROXIES: '1', GATEWAY_DRAIN_MS: '3000' };
  const proxy = { COMPOSE_PROFILES: 'proxy', PROXY_PORT: '13000', PROXY_CALLBACKS_PORT: '13003' };
  return {
    single: new ComposeProject(name, envFile, ports),
    several: new ComposeProject(name, envFile, { ...ports, ...patience, ...free, ...proxy }),
  };
}

async function judge(options: { proxy?: boolean | undefined; keep?: boolean | undefined }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'turno-compose-'));
  const envFile = join(folder, '.env');
  await makeSecrets({ write: envFile, template: join(checkout, '.env.example') });
  const { single, several } = projects(envFile);
  try {
    await oneOfEach(single);
    if (options.proxy) await severalBehindProxy(several);
  } finally {
    if (!options.keep) await several.attempt(['down', '--volumes', '--remove-orphans']);
    if (!options.keep) await rm(folder, { recursive: true });
  }
  console.log(failures === 0 ? 'All is as it has to be.' : `${failures} of these are not as they have to be.`);
  process.exitCode = failures === 0 ? 0 : 1;
}

const { values } = parseArgs({
  options: { proxy: { type: 'boolean' }, keep: { type: 'boolean' }, help: { type: 'boolean' } },
});
if (values.help) console.log(usage);
else await judge(values);
