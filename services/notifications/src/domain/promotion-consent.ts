/** Whether a phone wants promotional messages, as its owner said with STOP or START. */
export interface PromotionConsent {
  readonly phone: string;
  readonly allowed: boolean;
  readonly since: Date;
}

export interface PromotionConsents {
  /** Undefined when the phone never said. */
  find(phone: string): Promise<PromotionConsent | undefined>;
  /** Keeps what the phone said last; an older word than the one that is there is dropped. */
  keep(consent: PromotionConsent): Promise<void>;
}

/** The consents that ticketing, whose customer directory is to have them too, was not told of yet. */
export interface UntoldConsents {
  /** The oldest of them first. */
  untold(limit: number): Promise<PromotionConsent[]>;
  /** Ticketing has this one. Where the phone has said something else meanwhile, that remains to be told. */
  markTold(consent: PromotionConsent): Promise<void>;
}
