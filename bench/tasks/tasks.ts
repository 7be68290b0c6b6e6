import type { Hand } from './hand.ts';

export interface Task {
  readonly name: string;
  run(hand: Hand): Promise<void>;
}

const OVER = '.action-counts .outcome.k-done';

/** What operators do, each from the overview to the moment its result stands on the screen. */
export const TASKS: readonly Task[] = [
  {
    name: 'Find what is red in the whole fleet',
    run: (hand) => hand.see('.problem.m-fatal'),
  },
  {
    name: 'See why a FATAL process crashed, with its last words',
    async run(hand) {
      await hand.click('.problem.m-fatal a.button');
      await hand.see('.crash-panel:has-text("refused")');
    },
  },
  {
    name: 'See which host does not answer, why, and what mends it',
    run: (hand) => hand.see('.problem.m-unreachable'),
  },
  {
    name: 'Restart one process on one host',
    async run(hand) {
      await hand.key('Control+k');
      await hand.see('#palette-input');
      await hand.type('web-01 gunicorn_00');
      await hand.see('.found.on');
      await hand.key('Enter');
      await hand.see('.page-head [data-verb="restart"]');
      await hand.key('r');
      await hand.click('[data-do="run"]');
      await hand.see('.page-head .said.num:text-matches("^00:00:0")');
    },
  },
  {
    name: 'Stop a group on every host, knowing before what it touches',
    async run(hand) {
      await hand.click('.nav [data-key="groups"]');
      await hand.click('.line[data-key="web"] .l-name a');
      await hand.click('.page-head [data-verb="stop"]');
      await hand.click('[data-do="run"]');
      await hand.see(OVER);
    },
  },
  {
    name: 'Start again exactly what was just stopped',
    async run(hand) {
      await hand.click('.nav [data-key="actions"]');
      await hand.click('.actions-list .line:nth-child(2) a');
      await hand.click('.buttons [data-verb="start"]');
      await hand.click('[data-do="run"]');
      await hand.see(OVER);
    },
  },
  {
    name: 'Restart a group two at a time, ended by the first failure',
    async run(hand) {
      await hand.click('.nav [data-key="groups"]');
      await hand.click('.line[data-key="web"] .l-name a');
      await hand.click('.page-head [data-verb="restart"]');
      await hand.click('[data-mode="rolling"]');
      await hand.click('[data-do="run"]');
      await hand.see(OVER);
    },
  },
  {
    name: 'Follow the logs of a group from all hosts together, marking a word',
    async run(hand) {
      await hand.click('.nav [data-key="logs"]');
      await hand.click('#side a[data-key="group web"]');
      await hand.key('/');
      await hand.type('items');
      await hand.see('.log-line mark');
    },
  },
  {
    name: 'Count a word in the past logs of a group, host by host',
    async run(hand) {
      await hand.click('.nav [data-key="logs"]');
      await hand.click('#side a[data-key="group web"]');
      await hand.key('/');
      await hand.type('listening');
      await hand.click('[data-log="back"]');
      await hand.see('.back-host');
    },
  },
  {
    name: 'Give a colleague a link to exactly this view: one environment, by host, most memory first',
    async run(hand) {
      await hand.click('.nav [data-key="processes"]');
      await hand.click('.segments [data-key="host"]');
      await hand.click('.row.head .c-memory a');
      await hand.click('[data-do="copy-link"]');
    },
  },
];
