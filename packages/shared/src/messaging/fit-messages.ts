/**
 * Calls that one message may have. Of what a message costs a sixteenth is next to nothing already, and calls that go in one
 * message go to one instance.
 */
export const maxCallsPerMessage = 16;

/**
 * Characters of what goes together. In UTF-8 they are three times as many bytes at most, so that a message stays below what a
 * server looks into (`maxMessageBytes`), with all that is said about each call.
 */
const maxLength = 65_536;

/** Cuts a group into as few messages as fit it, in order. What is too long by itself goes alone. */
export function* fitMessages<T>(group: readonly T[], lengthOf: (item: T) => number): Generator<readonly T[]> {
  let message: T[] = [];
  let length = 0;
  for (const item of group) {
    const added = lengthOf(item);
    if (message.length === maxCallsPerMessage || (message.length > 0 && length + added > maxLength)) {
      yield message;
      message = [];
      length = 0;
    }
    message.push(item);
    length += added;
  }
  if (message.length > 0) yield message;
}
