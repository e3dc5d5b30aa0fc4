import { createConfig, lintFromString } from '@redocly/openapi-core';

/** What Redocly's recommended rules have against an OpenAPI document, errors and warnings alike, one line each. */
export async function lintProblems(document: object): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: 'openapi.json', config });
  return problems.map(({ severity, ruleId, message, location }) => {
    const place = location[0]?.pointer ?? '#/';
    return `${severity} ${ruleId} at ${place}: ${message}`;
  });
}
