import { field } from '@turno/shared';
import type { z } from 'zod';

/** How an operator names a customer, in one way. */
export interface CustomerNames {
  readonly id?: string | undefined;
  /** Type and number of an identity document. */
  readonly document?: readonly string[] | undefined;
  readonly phone?: string | undefined;
}

/** Who is meant. */
export type NamedCustomer =
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'document'; readonly type: string; readonly number: string }
  | { readonly by: 'phone'; readonly phone: string };

/** @throws unless exactly one way was used, and the name could be somebody's */
export function namedCustomer({ id, document, phone }: CustomerNames): NamedCustomer {
  if ([id, document, phone].filter((name) => name !== undefined).length !== 1) {
    throw new Error('name the customer in one way: an id, --document TYPE NUMBER, or --phone');
  }
  if (id !== undefined) return { by: 'id', id: good(field.customerId, id) };
  if (phone !== undefined) return { by: 'phone', phone: good(field.phone, phone) };
  const [type, number, ...more] = document!;
  if (more.length > 0) throw new Error('--document takes a type and a number');
  return { by: 'document', type: good(field.customerIdType, type), number: good(field.customerIdNumber, number) };
}

function good(schema: z.ZodType<string>, value: string | undefined): string {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(result.error.issues[0]!.message);
}

/** For the operator who has just typed it. */
export function wordsFor(customer: NamedCustomer): string {
  switch (customer.by) {
    case 'id':
      return `the customer ${customer.id}`;
    case 'document':
      return `whoever has the document ${customer.type} ${customer.number}`;
    case 'phone':
      return `whoever has the phone ${customer.phone} and no id`;
  }
}
