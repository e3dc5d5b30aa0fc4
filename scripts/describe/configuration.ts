import { turnoConfig } from '@turno/cli';
import { gatewayConfig } from '@turno/gateway';
import { notificationsConfig, providerVariables } from '@turno/notifications';
import { commonConfig, describedVariables, type DescribedVariable } from '@turno/shared';
import { ticketingConfig } from '@turno/ticketing';

const beginning = `# Configuration

Made from the schemas that the services read their environment with, by \`npm run describe\`: change it there.

All of it is environment variables, checked at start. A service that lacks one, or finds one wrong, ends at once and names it;
its value is never told. A variable set to nothing counts as not set. \`turno doctor\` checks them all without starting anything.`;

type Shape = Parameters<typeof describedVariables>[0];

/** The page of all variables: a table for what all services know, and one for each of them. */
export function configurationPage(): string {
  const common = new Set(Object.keys(commonConfig));
  const providers = new Set(Object.keys(providerVariables));
  const own = ({ shape }: { shape: Shape }) => described(shape).filter(({ name }) => !common.has(name));
  const notifications = own(notificationsConfig);
  const sections: [string, readonly DescribedVariable[]][] = [
    ['Every service', described(commonConfig)],
    ['The gateway', own(gatewayConfig)],
    ['Ticketing', own(ticketingConfig)],
    ['Notifications', notifications.filter(({ name }) => !providers.has(name))],
    ['Notifications, by provider of SMS', notifications.filter(({ name }) => providers.has(name))],
    ['The `turno` command', described(turnoConfig.shape)],
  ];
  const parts = sections.map(([title, variables]) => `## ${title}\n\n${table(variables)}`);
  return `${[beginning, ...parts].join('\n\n')}\n`;
}

/** @throws naming a variable that its schema does not describe */
function described(shape: Shape): DescribedVariable[] {
  const variables = describedVariables(shape);
  const silent = variables.filter(({ what }) => what === undefined).map(({ name }) => name);
  if (silent.length > 0) throw new Error(`no .describe() in the schema of ${silent.join(', ')}`);
  return variables;
}

function table(variables: readonly DescribedVariable[]): string {
  const rows = [
    ['variable', 'default', 'what'],
    ...variables.map((variable) => [`\`${variable.name}\``, defaultOf(variable), variable.what!]),
  ];
  const widths = rows[0]!.map((_heading, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function defaultOf({ isRequired, default: value, unset }: DescribedVariable): string {
  if (value !== undefined) return `\`${value}\``;
  return unset ?? (isRequired ? 'required' : 'none');
}
