import { mark, type Attack } from './attack.ts';

/** What must not be in an answer to an attacker. */
export interface Secrets {
  /** What only the operator knows: passwords, keys, addresses of servers. */
  readonly texts: readonly string[];
  /** How phones of other people begin. */
  readonly othersPhones: string;
}

export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Traces of the inside: frames of a stack, files, addresses of servers, names of what is in use. */
const inside = [
  /\bat (?:async )?[\w.<>]+ \(?(?:file|node|\/)/,
  /node:internal|node_modules|\/src\/|\/dist\/|\.ts:\d+/,
  /(?:amqps?|mongodb(?:\+srv)?|rediss?):\/\//,
  /\b(?:MongoServerError|ZodError|SyntaxError|TypeError|ECONN[A-Z]+)\b/,
  /^(?:server|x-powered-by):/im,
];

/** The answers that came on one connection; what is none of HTTP/1.1 is left out. */
export function answersIn(received: Buffer): Answer[] {
  const answers: Answer[] = [];
  let rest = received.toString('latin1');
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    const status = /^HTTP\/1\.1 (\d{3}) /.exec(rest)?.[1];
    if (end < 0 || status === undefined) return answers;
    const head = rest.slice(0, end);
    const length = /^transfer-encoding: *chunked/im.test(head)
      ? Infinity
      : Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const body = rest.slice(end + 4, Math.min(rest.length, end + 4 + length));
    answers.push({ status: Number(status), head, body });
    rest = rest.slice(end + 4 + body.length);
  }
}

/** What is wrong with what came back for an attack, one line a finding. */
export function wrongWith(attack: Attack, received: Buffer, secrets: Secrets): string[] {
  const answers = answersIn(received);
  const text = received.toString('latin1');
  const sentHost = /^Host: (.*)$/m.exec(attack.bytes.toString('latin1'))?.[1] ?? '';
  return [
    ...(text !== '' && answers.length === 0 ? ['what came back is no HTTP'] : []),
    ...answers.filter(({ status }) => status >= 500).map(({ status }) => `a ${status}`),
    ...(answers.some(({ head }) => new RegExp(`^x-${mark}`, 'im').test(head))
      ? ['a header of the attacker is in the answer']
      : []),
    // A host of the attacker's own choice may come back to the attacker alone; any other echo is somebody else's to see.
    ...(text.includes(mark) && !sentHost.includes(mark) ? ['the answer says what the attacker said'] : []),
    ...(attack.kind === 'request smuggling' && answers.length > 1 ? ['a request within a request was answered'] : []),
    ...inside.filter((trace) => trace.test(text)).map((trace) => `a trace of the inside: ${trace.exec(text)![0]}`),
    ...(secrets.texts.some((secret) => text.includes(secret)) ? ['a secret'] : []),
    ...(text.includes(secrets.othersPhones) ? ["somebody else's phone"] : []),
    ...(isLetIn(attack, answers) ? ['an impostor was let in'] : []),
  ];
}

function isLetIn({ isImpostor = false }: Attack, answers: readonly Answer[]): boolean {
  return isImpostor && answers.some(({ status }) => status < 400);
}
