import { isCallersKey, OutcomeUnknown, Refusal, ShortLivedMap } from '@turno/shared';
import type { IssuedTicket, TicketRequest } from './ticket.ts';

/** Left of a repeat's deadline when it stops waiting, so that its answer still arrives in time. In milliseconds. */
const timeToAnswerMs = 300;

interface Running {
  readonly fingerprint: string;
  readonly ticket: Promise<IssuedTicket>;
}

/** The requests that are being worked on here, by their key: a repeat waits for the first instead of racing it. */
export class RequestsInProgress {
  readonly #running = new ShortLivedMap<string, Running>();

  /**
   * Runs `work` for the request, or waits for the ticket of the same request that came before.
   *
   * @param deadline milliseconds since the epoch
   * @throws Refusal when the key is in use for another body, or the first is still running shortly before the deadline
   * @throws OutcomeUnknown in that case for a key that no caller gave: it is the broker that repeats, and knows no refusal
   */
  async run(request: TicketRequest, deadline: number, work: () => Promise<IssuedTicket>): Promise<IssuedTicket> {
    const first = this.#running.get(request.key);
    if (!first) return this.#start(request, work());
    if (first.fingerprint !== request.fingerprint) throw new Refusal('KEY_USED_WITH_ANOTHER_BODY');
    return waitFor(first.ticket, deadline - timeToAnswerMs, () => stillRunning(request));
  }

  #start({ key, fingerprint }: TicketRequest, ticket: Promise<IssuedTicket>): Promise<IssuedTicket> {
    this.#running.set(key, { fingerprint, ticket });
    return ticket.finally(() => void this.#running.take(key));
  }
}

function stillRunning({ key }: TicketRequest): Error {
  if (isCallersKey(key)) return new Refusal('REQUEST_STILL_RUNNING');
  return new OutcomeUnknown('the first delivery of the request is still worked on');
}

async function waitFor(ticket: Promise<IssuedTicket>, until: number, tooLate: () => Error): Promise<IssuedTicket> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooLate()), Math.max(0, until - Date.now()));
  });
  try {
    return await Promise.race([ticket, timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}
