// The load generator's process.
import { answerQuestions } from '../processes/questions.ts';
import { Callers } from './callers.ts';
import type { LoadOrder } from './order.ts';

answerQuestions((order: LoadOrder) => Callers.carryOut(order));
