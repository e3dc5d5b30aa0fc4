import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { mark } from './attack.ts';

export interface LogJudgement {
  readonly lines: number;
  /** One line a finding, the first of each kind. */
  readonly findings: readonly string[];
}

// oxlint-disable-next-line eslint/no-control-regex -- that is what is looked for
const control = /[\u0000-\u0008\u000b-\u001f\u007f\u009b]/;

/**
 * Whether every line of a service's log is one JSON object of that service's own, without anything that a terminal obeys,
 * without secrets, and without a phone.
 *
 * @param phones how phones begin that must be masked
 */
export async function judgeLog(
  file: string,
  service: string,
  { secrets, phones }: { readonly secrets: readonly string[]; readonly phones: readonly string[] },
): Promise<LogJudgement> {
  const findings = new Map<string, string>();
  let lines = 0;
  for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
    lines++;
    for (const what of wrongWithLine(line, service, secrets, phones)) {
      if (!findings.has(what)) findings.set(what, `the log of ${service}: ${what}: ${line.slice(0, 300)}`);
    }
  }
  return { lines, findings: [...findings.values()] };
}

function wrongWithLine(line: string, service: string, secrets: readonly string[], phones: readonly string[]): string[] {
  const entry = entryOf(line);
  if (!entry) return ['a line is no JSON object'];
  return [
    ...(entry['service'] === service && typeof entry['msg'] === 'string' && typeof entry['time'] === 'string'
      ? []
      : ['a line is not as this service writes them']),
    ...(entry['msg'] === mark || mark in entry ? ['a forged line'] : []),
    ...(entry['level'] === 'error' || entry['level'] === 'fatal' ? ['an error'] : []),
    ...(control.test(line) ? ['a control character'] : []),
    ...(secrets.some((secret) => line.includes(secret)) ? ['a secret'] : []),
    ...(phones.some((phone) => line.includes(phone)) ? ['a phone'] : []),
  ];
}

function entryOf(line: string): Record<string, unknown> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? (entry as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
