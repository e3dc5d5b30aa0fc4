import type { z } from 'zod';

interface IdentityDocument {
  readonly customer_id_type?: unknown;
  readonly customer_id_number?: unknown;
}

/** The rules run also beside other broken fields, so that the first broken one in the order of the table can be told. */
const whenObject = ({ value }: { value: unknown }): boolean => typeof value === 'object' && value !== null;

/** Adds the rule that type and number of an identity document come together; the one that is missing is invalid. */
export function documentWhole<T extends z.ZodType<IdentityDocument>>(schema: T): T {
  return schema
    .refine((body) => body.customer_id_number === undefined || body.customer_id_type !== undefined, {
      path: ['customer_id_type'],
      error: 'Invalid customer ID type.',
      when: whenObject,
    })
    .refine((body) => body.customer_id_type === undefined || body.customer_id_number !== undefined, {
      path: ['customer_id_number'],
      error: 'Invalid customer ID number.',
      when: whenObject,
    });
}
