import { sampleRequest } from '@turno/shared';
import { z } from 'zod';
import type { InboxSettings } from './entry-points/inbox-events.ts';

/** The variables of the inbox page. */
export const inboxVariables = {
  INBOX_GATEWAY_URL: z
    .url({ protocol: /^https?$/, error: 'an http:// or https:// URL is expected' })
    .default('http://127.0.0.1:3000')
    .describe('where the gateway is for whoever reads the inbox page: for the command that it shows'),
  INBOX_IN_PRODUCTION: z.literal('allowed').optional().meta({
    unset: 'refused',
    description:
      '`allowed` lets `SMS_PROVIDER=inbox` run with `NODE_ENV=production`, where texts and phones of everybody are shown instead of sent: [the inbox](inbox.md)',
  }),
  INBOX_PRICE_PER_SEGMENT: z
    .string()
    .regex(/^\d+(\.\d+)? [A-Z]{3}$/, 'an amount and a currency are expected, as in "0.035 USD"')
    .optional()
    .describe('what a segment costs, as in `0.035 USD`: a hint on [the inbox page](inbox.md)'),
};

type InboxVariables = z.infer<z.ZodObject<typeof inboxVariables>>;

export function inboxSettings({
  INBOX_GATEWAY_URL: url,
  INBOX_PRICE_PER_SEGMENT: price,
}: InboxVariables): InboxSettings {
  const [amount, currency] = price?.split(' ') ?? [];
  const example = [
    `curl -i ${url.replace(/\/$/, '')}/customer/v1/tickets -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(sampleRequest)}'`,
  ].join('\n');
  return { example, ...(amount && currency && { price: { amount: Number(amount), currency } }) };
}
