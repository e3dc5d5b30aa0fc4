import { ConfigError, field, wholeNumber } from '@turno/shared';
import { z } from 'zod';
import { promotionPolicies } from './domain/notify-ticket-created.ts';
import { quietRangesOf } from './domain/quiet-hours.ts';
import { SmsTemplates } from './domain/sms-template.ts';
import { SmsWriter } from './domain/sms-text.ts';
import { readTemplates } from './templates/read-templates.ts';

const quietHours = z.string().transform((text, context) => {
  try {
    return quietRangesOf(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** The variables of what an SMS says, and when promotions go. */
export const textVariables = {
  SMS_TEMPLATES: z
    .string()
    .optional()
    .describe(
      'a folder with templates of yours, a file a language, which add to those of the service or replace them: [languages](sms.md#languages)',
    ),
  SMS_DEFAULT_LANGUAGE: field.language.default('es').describe('for customers whose language has no template'),
  SMS_MAX_SEGMENTS: wholeNumber({ min: 1, max: 10 })
    .default(3)
    .describe(
      'promotions are dropped until a text has no more, the turn never: [segments](sms.md#segments-and-what-they-cost)',
    ),
  /** Off by default: how the operator's names are written is not ours to change. */
  SMS_TRANSLITERATE: z
    .enum(['true', 'false'], 'true or false is expected')
    .transform((word) => word === 'true')
    .default(false)
    .describe('`true` puts a text into GSM-7 where that saves a segment'),
  SMS_PROMOTIONS: z
    .enum(promotionPolicies)
    .default('with-turn')
    .describe('`separate` for an SMS of their own, `never`: [promotions](sms.md#promotions)'),
  SMS_QUIET_HOURS: quietHours
    .default([])
    .describe("when no promotion goes to a country, on the recipient's clock: `US=21:00-08:00,PE=22:00-07:00`"),
};
export type TextConfig = z.infer<z.ZodObject<typeof textVariables>>;

/** @throws ConfigError when a template is wrong, or the default language has none */
export async function createSmsWriter(config: TextConfig): Promise<SmsWriter> {
  return new SmsWriter({
    templates: withDefault(await readTemplates(config.SMS_TEMPLATES), config.SMS_DEFAULT_LANGUAGE),
    maxSegments: config.SMS_MAX_SEGMENTS,
    transliterate: config.SMS_TRANSLITERATE,
  });
}

function withDefault(...[templates, language]: ConstructorParameters<typeof SmsTemplates>): SmsTemplates {
  try {
    return new SmsTemplates(templates, language);
  } catch (error) {
    throw new ConfigError(
      `The configuration is not complete:\n  SMS_DEFAULT_LANGUAGE is wrong: ${(error as Error).message}`,
      { cause: error },
    );
  }
}
