import { z } from 'zod';

const error = 'Invalid Idempotency-Key.';
const visibleAscii = /^[\x21-\x7e]{1,255}$/;

/**
 * The header Idempotency-Key, plain or quoted.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export const idempotencyKey = z
  .string({ error })
  .transform((header) => /^"(.*)"$/.exec(header)?.[1] ?? header)
  .pipe(z.string().regex(visibleAscii, { error }))
  .optional()
  .meta({
    description:
      'Makes the request safe to repeat for 24 hours: the same key and body give the same ticket. 1 to 255 visible ' +
      'ASCII characters, plain or quoted.',
    examples: ['"5f1c6f2e-8c1b-4e0e-9d39-0d4a6f6f1f0a"'],
    minLength: 1,
    maxLength: 257,
  });
