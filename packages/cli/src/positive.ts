import { InvalidArgumentError } from 'commander';

/** An option's value as a whole number above 0. */
export function positive(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError('A whole number above 0 is expected.');
  return Number(value);
}
