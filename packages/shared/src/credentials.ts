/** The password of an address, as in `amqp://user:password@host`, also where the address is one that no parser takes. */
const password = /([a-z][a-z0-9+.-]*:\/\/[^\s:@/]*):\S*@/gi;

/** A text that somebody else wrote, which may quote an address: its password is masked. */
export function withoutPasswords(text: string): string {
  return text.includes('://') ? text.replaceAll(password, '$1:***@') : text;
}
