// A client as somebody else would write it: openapi-fetch, over the types that openapi-typescript makes of the API's own
// description. `generated-client.ts` puts the types beside a copy of this file, checks it with tsc, and runs it.
import createClient from 'openapi-fetch';
import type { paths } from './api.ts';

const client = createClient<paths>({ baseUrl: process.argv[2]! });

const taken = await client.POST('/customer/v1/tickets', {
  body: { branch_id: '27b6', sector_id: 's8', service_id: '7b6', channel: 'mobile', customer_id: 'a9087s902m' },
});
if (taken.error) throw new Error(taken.error.message);

const read = await client.GET('/customer/v1/tickets/{id}', { params: { path: { id: taken.data.id } } });
if (read.error) throw new Error(read.error.message);

const refused = await client.POST('/customer/v1/tickets', {
  body: { branch_id: 'zzzz', sector_id: 's8', service_id: '7b6' },
});

console.log(
  JSON.stringify({
    turn: `${taken.data.queue}${taken.data.number}`,
    branch: taken.data.branch.name,
    status: read.data.status,
    refusal: refused.error?.message,
  }),
);
