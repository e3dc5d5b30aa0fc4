const writeConflict = 112;

/**
 * Whether a write lost against another one at the same time and was undone: MongoDB's WriteConflict, or a deadlock that the
 * PostgreSQL below DocumentDB has broken up. Doing it again is safe.
 */
export function isWriteConflict(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, errmsg } = error as { code?: unknown; errmsg?: unknown };
  return code === writeConflict || String(errmsg).includes('deadlock detected');
}
