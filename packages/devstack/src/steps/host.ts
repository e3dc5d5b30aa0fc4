import { Unavailable, type StepMaker } from './step.ts';
export const hostStep: StepMaker = () => ({
  name: 'host',
  broker: async () => {
    throw new Unavailable('todo');
  },
  database: async () => {
    throw new Unavailable('todo');
  },
});
