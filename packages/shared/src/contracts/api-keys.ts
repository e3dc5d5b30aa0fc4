import { z } from 'zod';
import * as field from './fields.ts';

/** What a gateway needs to know an API key again: never the key. */
export const knownApiKey = z.object({
  id: z.string(),
  /** Of the secret: SHA-256 in base64url. */
  hash: z.string(),
  channel: field.channel,
  /** It holds until then; for ever without it. */
  expires_at: field.instant.optional(),
});
export type KnownApiKey = z.infer<typeof knownApiKey>;

export const apiKeyList = z.object({ keys: z.array(knownApiKey) });
