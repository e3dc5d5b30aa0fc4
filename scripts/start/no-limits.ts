/** Nobody is limited by what they send or by where: as under `npm start`, where a newcomer's load test is to run into nothing. */
export const noLimits = {
  RATE_LIMIT_PER_MINUTE: '0',
  RATE_LIMIT_PER_KEY_PER_MINUTE: '0',
  RATE_LIMIT_PER_CUSTOMER_PER_MINUTE: '0',
  GATEWAY_MAX_CONNECTIONS_PER_ADDRESS: '0',
  TICKETS_PER_PHONE: '0',
  TICKETS_PER_CUSTOMER: '0',
  SMS_COUNTRIES: 'any',
  SMS_MAX_PER_PREFIX_PER_HOUR: '0',
} as const;
