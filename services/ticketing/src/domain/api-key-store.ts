/** An API key as it is stored: its secret is not. */
export interface ApiKey {
  readonly id: string;
  /** Of the secret: SHA-256 in base64url. */
  readonly hash: string;
  readonly channel: string;
  /** For operators: who has it. */
  readonly name: string;
  readonly createdAt: Date;
  /** It holds until then; for ever without it. */
  readonly expiresAt?: Date | undefined;
  readonly revokedAt?: Date | undefined;
}

/** The API keys that were ever made. */
export interface ApiKeyStore {
  /** Those that are neither revoked nor expired. */
  valid(now: Date): Promise<ApiKey[]>;
}
