/**
 * Whether the database refused a write because of a unique index, and, when a name is given, because of that index.
 * The index's name is read from the message: DocumentDB gives no `keyPattern`.
 */
export function isDuplicateKey(error: unknown, index?: string): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, errmsg } = error as { code?: unknown; message?: unknown; errmsg?: unknown };
  if (code !== 11_000) return false;
  return index === undefined || `${String(message)} ${String(errmsg)}`.includes(index);
}
