/** What a template has to say, and the placeholders that each of its sentences must have. */
export const sentences = {
  turn: ['turn', 'branch', 'sector', 'service'],
  opens_today: ['time'],
  opens_later: ['day', 'time'],
  wait_range: ['low', 'high'],
  wait_single: ['minutes'],
  wait_none: [],
  promotions: ['branch', 'messages'],
} as const satisfies Record<string, readonly string[]>;
export type SentenceName = keyof typeof sentences;

/** A sentence with something put into each of its placeholders. */
export type Sentence<Name extends SentenceName> = (
  values: Record<(typeof sentences)[Name][number], string | number>,
) => string;

/** How one language says it all. */
export type SmsTemplate = { readonly [Name in SentenceName]: Sentence<Name> } & {
  /** Its tag, in canonical form: `es`, `pt-BR`. */
  readonly language: string;
  readonly direction: 'left-to-right' | 'right-to-left';
};

/** The templates of all languages, by their canonical tags. */
export class SmsTemplates {
  readonly #byLanguage: ReadonlyMap<string, SmsTemplate>;
  readonly #fallback: SmsTemplate;

  /** @throws Error when the default language has no template */
  constructor(templates: readonly SmsTemplate[], defaultLanguage: string) {
    this.#byLanguage = new Map(templates.map((template) => [template.language, template]));
    const fallback = this.#find(defaultLanguage);
    if (!fallback)
      throw new Error(`there is no template for ${defaultLanguage}, only for ${this.languages.join(', ')}`);
    this.#fallback = fallback;
  }

  get languages(): string[] {
    return [...this.#byLanguage.keys()].toSorted();
  }

  /** The nearest template for a language, else the default one: for `es-PE` that is `es`. */
  for(language: string): SmsTemplate {
    return this.#find(language) ?? this.#fallback;
  }

  /**
   * Takes subtags off the end until there is a template.
   *
   * @see RFC 4647, 3.4 Lookup
   */
  #find(language: string): SmsTemplate | undefined {
    const subtags = Intl.getCanonicalLocales(language)[0]!.split('-');
    for (; subtags.length > 0; subtags.pop()) {
      const template = this.#byLanguage.get(subtags.join('-'));
      if (template) return template;
    }
    return undefined;
  }
}
