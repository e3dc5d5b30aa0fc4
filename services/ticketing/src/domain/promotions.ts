import type { Promotion } from '@turno/shared';

export interface PromotionScope {
  readonly branchId: string;
  readonly serviceId: string;
  readonly channel: string | undefined;
  readonly now: Date;
}

/** The texts of the promotions that apply to a ticket at this moment, in the catalogue's order. */
export function promotionsFor(promotions: readonly Promotion[], scope: PromotionScope): string[] {
  return promotions.filter((promotion) => applies(promotion, scope)).map(({ text }) => text);
}

function applies(promotion: Promotion, { branchId, serviceId, channel, now }: PromotionScope): boolean {
  const { from, until, branches, services, channels } = promotion;
  return (
    (!from || new Date(from) <= now) &&
    (!until || now < new Date(until)) &&
    (!branches || branches.includes(branchId)) &&
    (!services || services.includes(serviceId)) &&
    (!channels || (channel !== undefined && channels.includes(channel)))
  );
}
