import { startTestHub, type TestHub, type TestHubOptions } from './hub.ts';
import { type Lifetime, startSupervisor } from './supervisors.ts';
import { until } from './until.ts';

const PROGRAMS = ['web', 'db']
  .map(
    (name) => `[program:${name}]\ncommand=/bin/sleep 1000\nstartsecs=0\nstdout_logfile={dir}/${name}.log\n`,
  )
  .join('');

/** A hub over two real supervisords, `stage-1` in stage and `prod-1` in prod, each with the programs web and db. */
export async function twoEnvironments(t: Lifetime, options: TestHubOptions = {}): Promise<TestHub> {
  const hub = await startTestHub(t, options);
  for (const environment of ['stage', 'prod']) {
    const supervisor = await startSupervisor(t, 'supervisord', { config: PROGRAMS });
    const url = `unix://${supervisor.socketPath}`;
    await hub.ask('POST', '/hosts', { name: `${environment}-1`, url, environment });
  }
  await until('four running processes', async () => {
    const { body } = await hub.ask('GET', '/processes');
    return body.filter((one: { state: string }) => one.state === 'RUNNING').length === 4;
  });
  return hub;
}
