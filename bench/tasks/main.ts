import { launchBrowser } from '../../tests/support/browser.ts';
import { StockFleet } from './fleet.ts';
import { fleetvisor } from './fleetvisor.ts';
import { nodervisor } from './nodervisor.ts';
import { TASKS, type TaskName, type WatchingConsole } from './tasks.ts';

/**
 * `npm run bench:tasks`: ten tasks on four stock supervisords, with the clicks, keys and seconds each takes in Chromium.
 * `NODERVISOR=CHECKOUT` does the same tasks in nodervisor (https://github.com/Stii/nodervisor) after ours.
 */
async function main(): Promise<void> {
  const fleet = await StockFleet.start();
  const browser = await launchBrowser();
  const checkout = process.env.NODERVISOR ?? '';
  try {
    await measure(await fleetvisor(browser, fleet));
    if (checkout !== '') await measure(await nodervisor(browser, fleet, checkout));
    else console.log('\nnodervisor is not measured: NODERVISOR names no checkout.');
  } finally {
    await browser.close();
    await fleet.stop();
  }
}

async function measure(console_: WatchingConsole): Promise<void> {
  const { name, version, hand, deeds } = console_;
  console.log(
    `\n${name} ${version}\n\n| task | clicks and keys | texts typed | pages loaded | seconds |\n|---|---|---|---|---|`,
  );
  try {
    console.log(`| Open the front page | – | – | 1 | ${(await hand.begin()).toFixed(1)} |`);
    for (const task of Object.keys(TASKS) as TaskName[]) {
      const deed = deeds[task];
      if (typeof deed === 'string') {
        console.log(`| ${TASKS[task]} | ${deed} | | | |`);
        continue;
      }
      await hand.begin();
      const beganMs = performance.now();
      await deed(hand);
      const seconds = (performance.now() - beganMs) / 1_000;
      console.log(
        `| ${TASKS[task]} | ${hand.clicks} | ${hand.texts} | ${hand.loads} | ${seconds.toFixed(1)} |`,
      );
    }
  } finally {
    await console_.stop();
  }
}

await main();
