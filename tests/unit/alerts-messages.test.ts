import { expect, test } from 'vitest';
import { detailLines, messageOf, testMessage } from '../../src/alerts/message.ts';
import { parseReceiver } from '../../src/alerts/receiver-address.ts';
import { mailText, subjectOf } from '../../src/alerts/send-mail.ts';
import { signature } from '../../src/alerts/send-post.ts';
import { slackText } from '../../src/alerts/slack-text.ts';
import type { Alert } from '../../src/fleet/alert.ts';
import { told } from '../../src/fleet/said.ts';

const RULE = { id: 'r', name: 'A process is FATAL', severity: 'critical' } as const;
const AT = { atMs: 60_000, link: 'https://fleet.example.net/alerts' };

function alert(id: number, more: Partial<Alert> = {}): Alert {
  const { says, said } = told('alert.fatal');
  return {
    ...{ id, ruleId: 'r', rule: RULE.name, kind: 'process-state', severity: 'critical' },
    ...{ hostId: 'h1', host: 'web-01', group: 'web', process: `web_${id}`, lastLine: '' },
    ...{ openedAtMs: 0, lastAtMs: 0, closedAtMs: null, ending: null, count: 1, acknowledged: null },
    says,
    ...(said === undefined ? {} : { said }),
    ...more,
  };
}

const thirty = Array.from({ length: 30 }, (_, n) => alert(n, { hostId: `h${n % 3}`, host: `web-0${n % 3}` }));

test('one alert is told with its last words, many by their number and the first twenty names', () => {
  const one = messageOf('opened', RULE, [alert(1, { lastLine: 'KeyError' })], AT);
  expect([one.says, ...detailLines(one)]).toEqual(['web-01/web:web_1 is FATAL', 'KeyError']);
  const many = messageOf('opened', RULE, thirty, AT);
  expect(many.says).toBe('30 processes on 3 hosts are FATAL');
  expect(many).toMatchObject({ count: 30, alerts: { length: 20 } });
  expect(detailLines(many)).toHaveLength(21);
  expect(detailLines(many).at(-1)).toBe('… and 10 more');
  const mixed = [
    alert(1),
    alert(2, { said: told('alert.exited', { status: 1 }).said ?? { key: 'alert.fatal', values: {} } }),
  ];
  expect(messageOf('opened', RULE, mixed, AT).says).toBe('2 processes on web-01 are in trouble');
  expect(messageOf('repeated', RULE, [alert(1)], AT).says).toBe('Still: web-01/web:web_1 is FATAL');
});

test('an end is told with how long it took, and why it ended', () => {
  const closed = (more: Partial<Alert>) =>
    messageOf('closed', RULE, [alert(1, { closedAtMs: 200_000, lastLine: 'KeyError', ...more })], AT);
  expect(closed({ ending: 'well' }).says).toBe('web-01/web:web_1 is well again, after 3 min 20 s');
  expect(closed({ ending: 'gone' }).says).toBe('web-01/web:web_1 is gone, after 3 min 20 s');
  expect(detailLines(closed({ ending: 'well' }))).toEqual([]);
  const host = { group: '', process: '', ending: 'well' } as const;
  expect(closed(host).alerts[0]?.process).toBeNull();
});

test('what a process wrote is text to every medium', () => {
  const evil = 'x\r\nBcc: all@x.test\n<!channel> @everyone <http://evil|ok> & \u001b[31m';
  const message = messageOf('opened', RULE, [alert(1, { says: evil, lastLine: evil })], AT);
  expect(subjectOf(message)).not.toMatch(/[\r\n\u001b]/);
  expect(subjectOf({ ...message, says: 'x'.repeat(1_000) })).toHaveLength(200);
  expect(mailText(message)).not.toMatch(/\r|\u001b|^Bcc/m);
  const text = slackText(message);
  expect(text).not.toMatch(/<!|<http:|@everyone|\u001b/);
  expect(text).toContain('&lt;!channel&gt;');
  expect(text.match(/</g)).toHaveLength(1); // the link to the console
  expect(slackText(testMessage(AT))).toContain('*A test of Fleetvisor');
});

test('a message fits into every chat, however much there is to say', () => {
  const long = '& <'.repeat(200);
  const text = slackText(
    messageOf(
      'opened',
      RULE,
      thirty.map((one) => ({ ...one, says: long })),
      AT,
    ),
  );
  expect(text.length).toBeLessThan(2_000);
  expect(text.split('\n').slice(-3)).toEqual([
    '…',
    '_A process is FATAL_',
    '<https://fleet.example.net/alerts|Fleetvisor>',
  ]);
  expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
  expect(slackText(messageOf('opened', RULE, thirty, AT)).split('\n')).toHaveLength(24);
});

test('the signature is what docs/alerts.md says it is', () => {
  expect(signature('secret', '1764162000', '{"id":"41"}')).toBe(
    'sha256=2089be47790f31fe7425b3149c15a3ce017ee3481cc393bb715c6edf96cf5d64',
  );
});

test('of an address only where it begins is shown', () => {
  const shown = (url: string) => {
    const read = parseReceiver(url);
    return read.ok ? [read.value.shown, read.value.path, read.value.port] : read.problems[0].says;
  };
  expect(shown('https://hooks.slack.com/services/T/B/x')).toEqual([
    'https://hooks.slack.com/…',
    '/services/T/B/x',
    443,
  ]);
  expect(shown('http://[::1]:8080')).toEqual(['http://[::1]:8080', '/', 8080]);
  expect(shown('http://x.test/?key=1')).toEqual(['http://x.test/…', '/?key=1', 80]);
  expect(shown('http://u:p@x.test/')).toBe('has a user name or password in it');
  expect(shown('http://169.254.1.1/')).toBe('is link-local, multicast or a cloud metadata address');
  expect(shown('http://2852039166/')).toBe('is link-local, multicast or a cloud metadata address');
  expect(shown('hooks.slack.com')).toBe('is not an address a message can be sent to');
});
