import type { Tracing } from '@turno/shared';
import type { SendResult, Sms, SmsProvider } from './sms-provider.ts';

/** Hands an SMS to its provider, as a piece of work of its own in the trace that it belongs to. */
export async function sendTraced(tracing: Tracing, provider: SmsProvider, sms: Sms): Promise<SendResult> {
  const span = tracing.begin({
    name: `send SMS ${provider.name}`,
    kind: 'client',
    parent: sms.trace,
    attributes: { 'turno.sms.provider': provider.name, 'turno.sms.purpose': sms.purpose },
  });
  try {
    const result = await provider.send(span.trace ? { ...sms, trace: span.trace } : sms);
    const attributes = { 'turno.sms.result': result.kind };
    span.end(result.kind === 'sent' ? { attributes } : { attributes, error: result.kind });
    return result;
  } catch (error) {
    // Not its message, which may hold anything.
    span.end({ error: error instanceof Error ? error.name : 'unknown' });
    throw error;
  }
}
