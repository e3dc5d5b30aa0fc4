import type { Clock } from '@turno/shared';
import type { z } from 'zod';
import type { InboxRepository } from '../data-access/inbox-repository.ts';
import type { SmsProvider } from './sms-provider.ts';

/** What a provider is made of, whichever it is. */
export interface ProviderParts<V extends z.ZodRawShape = z.ZodRawShape> {
  readonly inbox: InboxRepository;
  readonly clock: Clock;
  /** Its variables, with all that it needs. */
  readonly variables: z.infer<z.ZodObject<V>>;
  /** Where the provider can reach us with what it tells on its own, if anywhere: `https://turno.example/callbacks/twilio`. */
  readonly callbackUrl?: string | undefined;
  /** A test's stand-in of the provider's API, as `http://127.0.0.1:4711`; else the provider's own address. */
  readonly apiBase?: string | undefined;
}

/** A variable that is set wrongly, and why. */
export interface Mistake {
  readonly variable: string;
  readonly message: string;
}

/** What a provider's file says of it: how it is named and set up, and how it is made. */
export interface ProviderDefinition<V extends z.ZodRawShape = z.ZodRawShape> {
  /** In SMS_PROVIDER, on records and in the path of its callbacks. */
  readonly name: string;
  readonly variables: V;
  /** The variables without a default that it cannot do without. */
  readonly needs: readonly (keyof V & string)[];
  /** What is wrong with variables that are each well-formed. */
  readonly check?: (variables: z.infer<z.ZodObject<V>>) => Mistake[];
  /** Makes the provider. Loads its SDK, which those who chose another provider do not pay for. */
  readonly create: (parts: ProviderParts<V>) => Promise<SmsProvider>;
}

/** Gives back what it is given, with the types of its parts seen through. */
export function defineProvider<const N extends string, V extends z.ZodRawShape>(
  definition: ProviderDefinition<V> & { readonly name: N },
): ProviderDefinition<V> & { readonly name: N } {
  return definition;
}
