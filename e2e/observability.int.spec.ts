import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { promtoolForTest } from '@turno/devstack';
import { parse } from 'yaml';
import { exposedMetrics } from './exposed-metrics.ts';

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const folder = join(root, 'deploy/observability');
const read = (path: string) => readFile(join(root, path), 'utf8');

let rules: readonly AlertRule[];

beforeAll(async () => {
  const { groups } = parse(await read('deploy/observability/prometheus/rules/turno.yml')) as {
    groups: { rules: AlertRule[] }[];
  };
  rules = groups.flatMap((group) => group.rules);
});

/** Names of metrics in PromQL: what looks like one and is followed by labels, a range, an operator or the end. */
function metricsIn(expression: string): string[] {
  const withoutLabels = expression.replaceAll(/\{[^}]*\}|\b(by|without) \([^)]*\)|"[^"]*"/g, ' ');
  return withoutLabels.match(/\b(turno|nodejs|process|rabbitmq)_\w+/g) ?? [];
}

describe('alert rules and dashboards', () => {
  test('when promtool judges configuration and rules, then every alert comes when it has to, and not before', async () => {
    const promtool = await promtoolForTest();

    await run(promtool, ['check', 'config', 'prometheus/prometheus.yml'], { cwd: folder });
    const { stdout, stderr } = await run(promtool, ['test', 'rules', 'turno.test.yml'], {
      cwd: join(folder, 'prometheus/rules'),
    });
    expect(stdout + stderr).toContain('SUCCESS');
  });

  test('when an alert is defined, then it has a unit test', async () => {
    const { tests } = parse(await read('deploy/observability/prometheus/rules/turno.test.yml')) as {
      tests: { name: string }[];
    };
    expect(tests.map(({ name }) => name).toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
  });

  test('when an alert fires, then it links to its section of the runbooks', async () => {
    const headings = (await read('docs/runbooks.md')).match(/(?<=^#+ ).*$/gm) ?? [];
    for (const { alert, annotations } of rules) {
      expect(annotations['runbook_url']).toBe(`docs/runbooks.md#${alert.toLowerCase()}`);
      expect(headings).toContain(alert);
    }
  });

  test('when a rule or a dashboard names a metric, then there is such a metric', async () => {
    const { panels } = JSON.parse(await read('deploy/observability/grafana/dashboards/turno.json')) as {
      panels: { targets?: { expr: string }[] }[];
    };
    const expressions = [
      ...rules.map(({ expr }) => expr),
      ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ];
    const named = new Set(expressions.flatMap(metricsIn));
    expect(named.size).toBeGreaterThan(20);
    expect([...named].filter((name) => !exposedMetrics.has(name))).toEqual([]);
  });
});
