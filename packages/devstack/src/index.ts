export { chromiumForTest, type Chromium } from './browser/chromium.ts';
export { isolate, isolateForTest, redisForTest, type Isolated } from './isolate.ts';
export { promtoolForTest } from './promtool.ts';
export { startStack, type ServerControl, type Stack, type StackOptions } from './stack.ts';
