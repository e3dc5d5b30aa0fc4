import type { Clock } from '@turno/shared';
import type { PromotionConsents } from './promotion-consent.ts';
import type { QuietHours } from './quiet-hours.ts';

export interface PromotionRulesDependencies {
  readonly consents: Pick<PromotionConsents, 'find'>;
  readonly quietHours: QuietHours;
  readonly clock: Clock;
}

/** Whether promotions may go to a phone now. */
export class PromotionRules {
  readonly #dependencies: PromotionRulesDependencies;

  constructor(dependencies: PromotionRulesDependencies) {
    this.#dependencies = dependencies;
  }

  /**
   * A STOP or START from the phone itself stands over what the directory says.
   *
   * @param inDirectory what the directory said when the ticket was taken
   */
  async allow(phone: string, inDirectory = true): Promise<boolean> {
    const { consents, quietHours, clock } = this.#dependencies;
    const isWanted = (await consents.find(phone))?.allowed ?? inDirectory;
    return isWanted && !(await quietHours.areOnFor(phone, clock()));
  }
}
