/** Why a part of a bulk write was refused. */
export interface WriteError {
  /** Which of the writes it was. */
  readonly index: number;
  readonly code: number;
  readonly errmsg?: string;
}

/** What a bulk write says of the parts that were refused; none when it failed as a whole, or is no error of a bulk write. */
export function writeErrorsOf(error: unknown): readonly WriteError[] {
  return (error as { writeErrors?: readonly WriteError[] } | undefined)?.writeErrors ?? [];
}
