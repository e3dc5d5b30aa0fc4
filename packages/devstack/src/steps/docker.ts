import { Unavailable, type StepMaker } from './step.ts';
export const dockerStep: StepMaker = () => ({
  name: 'docker',
  broker: async () => {
    throw new Unavailable('todo');
  },
  database: async () => {
    throw new Unavailable('todo');
  },
});
