import type { z } from 'zod';
import type { Mistake, ProviderDefinition, ProviderParts } from './provider-definition.ts';
import * as definitions from './provider-definitions.ts';
import type { SmsProvider } from './sms-provider.ts';

type Definition = (typeof definitions)[keyof typeof definitions];
type AllOf<U> = (U extends unknown ? (each: U) => void : never) extends (all: infer I) => void ? I : never;

/** The variables that some provider wants, whichever it is. */
type ProviderShape = AllOf<Definition['variables']>;

export type ProviderName = Definition['name'];

const byName = new Map<string, ProviderDefinition>(
  Object.values(definitions).map((definition) => [definition.name, definition as unknown as ProviderDefinition]),
);

export const providerNames = [...byName.keys()] as [ProviderName, ...ProviderName[]];

export const providerVariables = Object.assign(
  {},
  ...Object.values(definitions).map(({ variables }) => variables as z.ZodRawShape),
) as ProviderShape;

/** What keeps a provider from being made of these variables: those that it lacks, else those that contradict each other. */
export function mistakesOf(name: ProviderName, variables: Readonly<Record<string, unknown>>): Mistake[] {
  const { needs, check } = byName.get(name)!;
  const missing = needs.filter((variable) => variables[variable] === undefined);
  if (missing.length > 0) return missing.map((variable) => ({ variable, message: `${name} needs it` }));
  return check?.(variables) ?? [];
}

/** Makes a provider; its variables have no {@link mistakesOf}. */
export function createProvider(name: ProviderName, parts: ProviderParts): Promise<SmsProvider> {
  return byName.get(name)!.create(parts);
}
