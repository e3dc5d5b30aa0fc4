import { z } from 'zod';

/**
 * Why ticketing says no to a well-formed request. A refusal is an answer, not a failure: repeating the same request does not help
 * until something else changes: the catalogue, the day, who asks, or the time that the refusal names. The gateway maps each to a
 * status, a message and a code.
 */
export const refusalReason = z.enum([
  'UNKNOWN_BRANCH',
  'UNKNOWN_SECTOR',
  'UNKNOWN_SERVICE',
  'UNKNOWN_CUSTOMER',
  'UNKNOWN_CUSTOMER_NUMBER',
  'SERVICE_NOT_OFFERED',
  'BRANCH_CLOSED',
  'SECTOR_CLOSED',
  'NUMBERS_USED_UP',
  'TICKET_ALREADY_HELD',
  'TOO_MANY_TICKETS_OF_PHONE',
  'TOO_MANY_TICKETS_OF_CUSTOMER',
  'KEY_USED_WITH_ANOTHER_BODY',
  'REQUEST_STILL_RUNNING',
  'CHANNEL_OF_ANOTHER',
  'CUSTOMER_OF_ANOTHER',
  'TICKET_NOT_FOUND',
  'BRANCH_NOT_FOUND',
]);
export type RefusalReason = z.infer<typeof refusalReason>;
