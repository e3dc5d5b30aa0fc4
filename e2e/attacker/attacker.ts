// A process of its own, so that its work is not in the latency that the well-behaved caller sees.
import { setTimeout as pause } from 'node:timers/promises';
import { answerQuestions } from '../../bench/processes/questions.ts';
import { Dice } from '../faults/dice.ts';
import type { Attack, Overheard, Target } from './attack.ts';
import { nextAttack } from './attacks.ts';
import { answersIn, wrongWith, type Secrets } from './judge-answer.ts';
import { exchange } from './raw-exchange.ts';

export interface Assault {
  readonly ports: Readonly<Record<Target, number>>;
  readonly requests: number;
  /** Requests a second. */
  readonly rate: number;
  readonly seed: number;
  readonly overheard: Overheard;
  readonly secrets: Secrets;
  /** Whether it waits until the server has given up on everybody who is slow; the others it abandons. */
  readonly waitsForSlow: boolean;
}

/** What the attacker saw. */
export interface AssaultReport {
  readonly sent: Readonly<Record<string, number>>;
  /** By kind and status; `closed` without an answer, `abandoned` by the attacker. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly findings: readonly string[];
  /** Tickets that it got, their phones by their ids. */
  readonly tickets: ReadonlyMap<string, string | undefined>;
  /** Requests a second, as they went out. */
  readonly rate: number;
}

/** A tenth comes from one address, which runs into the limit of one; the others from as many as have theirs each. */
const addresses = 120;
const impatientMs = 3_000;
/** No server here waits longer than half a minute for a request; a kernel may keep a connection for another before that. */
const slowAtMostMs = 90_000;
const mostExamples = 3;
const tickMs = 20;

class Assailant {
  readonly #assault: Assault;
  readonly #dice: Dice;
  readonly #sent: Record<string, number> = {};
  readonly #answers: Record<string, Record<string, number>> = {};
  readonly #findings: string[] = [];
  readonly #tickets = new Map<string, string | undefined>();
  readonly #ending = new AbortController();

  constructor(assault: Assault) {
    this.#assault = assault;
    this.#dice = new Dice(assault.seed);
  }

  async run(): Promise<AssaultReport> {
    const { requests, rate, waitsForSlow } = this.#assault;
    const underWay = new Set<Promise<void>>();
    const startAt = performance.now();
    for (let sent = 0; sent < requests;) {
      const due = Math.min(requests, Math.ceil(((performance.now() - startAt) / 1_000) * rate));
      for (; sent < due; sent++) {
        const one = this.#strike().finally(() => underWay.delete(one));
        underWay.add(one);
      }
      await pause(tickMs);
    }
    const seconds = (performance.now() - startAt) / 1_000;
    await pause(waitsForSlow ? 0 : impatientMs);
    if (!waitsForSlow) this.#ending.abort();
    await Promise.all(underWay);
    const [sent, answers, findings, tickets] = [this.#sent, this.#answers, this.#findings, this.#tickets];
    return { sent, answers, findings, tickets, rate: requests / seconds };
  }

  async #strike(): Promise<void> {
    const { ports, overheard, secrets } = this.#assault;
    const attack = nextAttack(this.#dice, overheard);
    const from = this.#dice.below(10) === 0 ? '127.0.0.2' : `127.0.1.${1 + this.#dice.below(addresses)}`;
    const tearsAway = this.#dice.below(20) === 0;
    this.#sent[attack.kind] = (this.#sent[attack.kind] ?? 0) + 1;
    const { received, isClosed } = await exchange({
      port: ports[attack.target],
      from,
      bytes: attack.bytes,
      dribbleMs: attack.dribbleMs,
      tearsAway,
      patienceMs: attack.dribbleMs === undefined ? impatientMs : slowAtMostMs,
      ending: this.#ending.signal,
    });
    const isHeld = attack.dribbleMs !== undefined && !isClosed && !this.#ending.signal.aborted;
    this.#count(attack, received, isClosed);
    const wrong = [...wrongWith(attack, received, secrets), ...(isHeld ? ['a slow caller held its connection'] : [])];
    for (const what of wrong) this.#note(attack, what, received);
  }

  #count({ kind, target }: Attack, received: Buffer, isClosed: boolean): void {
    const answers = answersIn(received);
    const byStatus = (this.#answers[kind] ??= {});
    const outcome = String(answers[0]?.status ?? (isClosed ? 'closed' : 'abandoned'));
    byStatus[outcome] = (byStatus[outcome] ?? 0) + 1;
    for (const { status, body } of answers) {
      if (status !== 201 || target !== 'gateway') continue;
      const { id, phone } = JSON.parse(body) as { id: string; phone?: string };
      this.#tickets.set(id, phone);
    }
  }

  /** The first few of a kind: others say nothing more. */
  #note({ kind, bytes }: Attack, what: string, received: Buffer): void {
    const finding = `${kind}: ${what}`;
    const examples = this.#findings.filter((line) => line.startsWith(finding)).length;
    if (examples < mostExamples)
      this.#findings.push(`${finding}
  sent ${quoted(bytes)}
  got ${quoted(received)}`);
  }
}

function quoted(some: Buffer): string {
  return JSON.stringify(some.toString('latin1').slice(0, 240));
}

answerQuestions((assault: Assault) => new Assailant(assault).run());
