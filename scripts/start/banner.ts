import { sampleRequest } from '@turno/shared';
import type { Addresses } from './addresses.ts';

/** What a newcomer needs when everything is up. */
export function banner({ api, inbox, console, readiness }: Addresses, brokerPage: string): string {
  const [gateway, ticketing, notifications] = readiness;
  return `
Turno is up; Ctrl-C takes it all down.

  Open the inbox, where every SMS appears:   ${inbox}
  and the console, where all can be watched: ${console}

  Then take a turn:

  curl -i ${api}/customer/v1/tickets -H 'Content-Type: application/json' \\
    -d '${JSON.stringify(sampleRequest)}'

  API         ${api}/customer/v1/tickets
  Reference   ${api}/docs
  Readiness   ${gateway} (gateway), ${ticketing} (ticketing), ${notifications} (notifications)
  RabbitMQ    ${brokerPage}
`;
}
