import { askAccounts, notificationsConfig, type AskedAccount } from '@turno/notifications';
import { ConfigError, readConfig } from '@turno/shared';
import { findingsOf, type Finding } from './finding.ts';

const { ok, warning, error } = findingsOf('provider');

/** Whether the providers of SMS know the credentials. No SMS is sent. */
export async function examineProviders(env: NodeJS.ProcessEnv, apiBase?: string): Promise<Finding[]> {
  try {
    const accounts = await askAccounts(readConfig(notificationsConfig, env), apiBase);
    return accounts.map(findingOf);
  } catch (failure) {
    if (!(failure instanceof ConfigError)) throw failure;
    const mend = 'run turno doctor with the variables of notifications, as by --env-file';
    return [warning('it was not asked, because the configuration of notifications is not complete here', mend)];
  }
}

const variables = {
  inbox: 'SMS_PROVIDER',
  webhook: 'SMS_WEBHOOK_URL',
  twilio: 'TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN',
  vonage: 'VONAGE_API_KEY and VONAGE_API_SECRET',
  sns: "AWS_REGION, and credentials where AWS's SDK looks for them",
} as const;

function findingOf({ provider, state: { kind, saw: said } }: AskedAccount): Finding {
  const saw = `${provider}: ${said}`;
  switch (kind) {
    case 'good':
      return ok(saw);
    case 'doubtful':
      return warning(saw, `where that is not meant: ${variables[provider]}, docs/sms-providers.md`);
    case 'refused':
      return error(saw, `set ${variables[provider]}, or mend the account at the provider`);
    case 'away':
      return error(saw, `see the provider's status page, the network from here, and ${variables[provider]}`);
  }
}
