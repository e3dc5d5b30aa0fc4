import { OpsRefusal, type LetterSelection } from '@turno/shared';
import { z } from 'zod';

const ways = 'name the dead letters in one way: {"id": "…"}, {"reason": "…"} or {"all": true}';

const body = z.strictObject({
  id: z.string().min(1).optional(),
  reason: z.string().min(1).optional(),
  all: z.literal(true).optional(),
});

/** @throws OpsRefusal that says what to mend */
export function selectionOf(sent: unknown): LetterSelection {
  const result = body.safeParse(sent ?? {});
  if (!result.success) throw new OpsRefusal(400, `${described(result.error)}: ${ways}.`);
  const { id, reason, all } = result.data;
  const named = [id !== undefined && { id }, reason !== undefined && { reason }, all && { all }].filter(Boolean);
  if (named.length !== 1) throw new OpsRefusal(400, `${named.length === 0 ? 'None is named' : 'Too much'}: ${ways}.`);
  return named[0] as LetterSelection;
}

function described({ issues }: z.ZodError): string {
  const { path, message } = issues[0]!;
  return path.length > 0 ? `${path.join('.')}: ${message}` : message;
}

const mostLetters = 20_000;

/** @throws OpsRefusal that says what to mend */
export function limitOf(sent: unknown): number {
  if (sent === undefined) return 1_000;
  const limit = typeof sent === 'string' && /^\d{1,5}$/.test(sent) ? Number(sent) : 0;
  if (limit >= 1 && limit <= mostLetters) return limit;
  throw new OpsRefusal(400, `limit is to be a whole number from 1 to ${mostLetters}.`);
}
