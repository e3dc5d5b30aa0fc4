import { showDeadLetters } from './dead-letters.js';
import { listenTo } from './events.js';
import { Freshness } from './freshness.js';
import { placePlots, showPlots } from './plots.js';
import { showSms } from './sms-list.js';
import { showTiles } from './tiles.js';
import { showVerdict } from './verdict.js';

const freshness = new Freshness();
placePlots();
listenTo(
  '/console/events',
  {
    figures: (/** @type {import('../src/console/figures.ts').Figures} */ figures) => {
      freshness.told();
      showVerdict(figures.verdict);
      showTiles(figures);
      showPlots(figures);
      showDeadLetters(figures);
      showSms(figures);
    },
  },
  () => freshness.lost(),
);
