import { sampleRequest } from '@turno/shared';
import type { Addresses } from './addresses.ts';

/** What a newcomer needs when everything is up. */
export function banner({ api, inbox, readiness }: Addresses, brokerPage: string): string {
  const [gateway, ticketing, notifications] = readiness;
  return `
Turno is up; Ctrl-C takes it all down.

  API         ${api}/customer/v1/tickets
  Reference   ${api}/docs
  SMS inbox   ${inbox}
  Readiness   ${gateway} (gateway), ${ticketing} (ticketing), ${notifications} (notifications)
  RabbitMQ    ${brokerPage}

Take a turn, then look at the inbox:

  curl -i ${api}/customer/v1/tickets -H 'Content-Type: application/json' \\
    -d '${JSON.stringify(sampleRequest)}'
`;
}
