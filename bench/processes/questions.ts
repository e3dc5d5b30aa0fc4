import type { Serializable } from 'node:child_process';
import type { Spawned } from './spawned.ts';

/** Asks a process that {@link answerQuestions}, one question after the other. */
export async function ask<A>(process: Spawned, question: Serializable): Promise<A> {
  const answer = process.message();
  process.send(question);
  return (await answer) as A;
}

/** In a process of the bench: answers what the bench asks, and says first that it is there. */
export function answerQuestions(answer: (question: never) => Serializable | Promise<Serializable>): void {
  process.on('message', (question: unknown) => {
    void Promise.resolve(answer(question as never)).then((value) => process.send!(value));
  });
  process.on('disconnect', () => process.exit());
  process.send!('ready');
}
