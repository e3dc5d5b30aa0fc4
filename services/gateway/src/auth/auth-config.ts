import { commonConfig, wholeNumber } from '@turno/shared';
import { z } from 'zod';

export const authMethods = ['api-keys', 'jwt'] as const;
export type AuthMethod = (typeof authMethods)[number];

const wrongAuth = 'none, api-keys, jwt, or api-keys,jwt is expected';
const urlExpected = 'an https:// URL is expected';

/** By private keys alone: whoever can verify a token that is signed by a shared secret can make one. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;
const algorithmsExpected = `some of ${algorithms.join(', ')} are expected, separated by commas`;

const listOf = (text: string): string[] => text.split(',').map((part) => part.trim());

/** What the gateway's environment says of who may call it. */
export const authVariables = {
  AUTH: z
    .string()
    .refine((text) => text === 'none' || listOf(text).every(isMethod), wrongAuth)
    .optional()
    .meta({
      unset: 'required in production, else `none`',
      description:
        'how callers show who they are: `api-keys`, `jwt`, both with a comma between them, or `none`: [authentication](authentication.md)',
    }),
  JWT_ISSUER: z
    .url({ protocol: /^https?$/, error: urlExpected })
    .optional()
    .meta({ unset: 'required by `jwt`', description: 'the OpenID Connect issuer, as its tokens name it in `iss`' }),
  JWT_AUDIENCE: z.string().optional().meta({
    unset: 'required by `jwt`',
    description: 'the name of this API at the issuer: tokens have it in `aud`',
  }),
  JWT_JWKS_URL: z
    .url({ protocol: /^https?$/, error: urlExpected })
    .optional()
    .meta({
      unset: 'the one that the issuer publishes',
      description: "where the issuer's keys are, for an issuer without `/.well-known/openid-configuration`",
    }),
  JWT_ALGORITHMS: z
    .string()
    .refine(
      (text) => listOf(text).every((name) => (algorithms as readonly string[]).includes(name)),
      algorithmsExpected,
    )
    .default('RS256,ES256')
    .describe('the signatures that are taken; none by a shared secret can be'),
  JWT_CLOCK_TOLERANCE_S: wholeNumber({ max: 600 })
    .default(5)
    .describe("seconds by which the issuer's clock may differ from this one"),
  JWT_CUSTOMER_CLAIM: z.string().default('sub').describe('the claim of a token that has the id of the customer'),
};

const authConfig = z.object({ NODE_ENV: commonConfig.NODE_ENV, ...authVariables });
type AuthVariables = Readonly<z.output<typeof authConfig>>;

/** The methods that AUTH names; none where callers stay anonymous. */
export function methodsOf({ AUTH = 'none' }: Pick<AuthVariables, 'AUTH'>): readonly AuthMethod[] {
  return AUTH === 'none' ? [] : [...new Set(listOf(AUTH).filter(isMethod))];
}

export function algorithmsOf({ JWT_ALGORITHMS }: Pick<AuthVariables, 'JWT_ALGORITHMS'>): string[] {
  return listOf(JWT_ALGORITHMS);
}

/** What is wrong with these together. */
export function authMistakes(values: AuthVariables): { readonly variable: string; readonly message: string }[] {
  const inProduction = values.NODE_ENV === 'production';
  if (values.AUTH === undefined && inProduction) return [{ variable: 'AUTH', message: wrongAuth }];
  if (!methodsOf(values).includes('jwt')) return [];
  const missing = (['JWT_ISSUER', 'JWT_AUDIENCE'] as const)
    .filter((variable) => values[variable] === undefined)
    .map((variable) => ({ variable, message: 'AUTH=jwt needs it' }));
  const open = (['JWT_ISSUER', 'JWT_JWKS_URL'] as const)
    .filter((variable) => inProduction && isPlain(values[variable]))
    .map((variable) => ({ variable, message: urlExpected }));
  return [...missing, ...open];
}

function isPlain(url: string | undefined): boolean {
  return url !== undefined && new URL(url).protocol === 'http:';
}

function isMethod(name: string): name is AuthMethod {
  return (authMethods as readonly string[]).includes(name);
}
