import { expect, test } from 'vitest';
import type { GrantView } from '../../src/api/contract.ts';
import { readMultipart } from '../../src/web/multipart.ts';
import { plainMarkup } from '../../src/web/plain-markup.ts';
import { dayBounds } from '../../src/web/view/calendar.ts';
import { sayIn } from '../../src/web/view/say.ts';
import { browserName } from '../../src/web/view/settings/browser-name.ts';
import { draftOf, grantOfDraft } from '../../src/web/view/settings/grant-draft.ts';
import { grantsInWords } from '../../src/web/view/settings/grant-words.ts';

const say = sayIn('en');
const words = (...grants: readonly GrantView[]): string => grantsInWords(grants, { say });

test('grants are told in words, the narrow ones first', () => {
  expect(words({ role: 'admin', scope: '*' })).toBe('admin everywhere');
  expect(words({ role: 'viewer', scope: '*' }, { role: 'operator', scope: 'env=stage/web:*' })).toBe(
    'operator of web in stage, viewer elsewhere',
  );
  expect(words({ role: 'operator', scope: '#db/*' })).toBe('operator on #db');
  expect(words({ role: 'operator', scope: 'group web' })).toBe('operator of web');
  expect(words({ role: 'operator', scope: 'web-0?/*' })).toBe('operator on web-0?');
  expect(words({ role: 'viewer', scope: 'env=a/* #b/c:d' })).toBe('viewer of env=a/* #b/c:d');
  expect(words({ role: 'viewer', scope: '*', rights: ['see-fleet', 'manage-own-tokens'] })).toBe(
    'viewer everywhere (but not: read logs)',
  );
});

test('a grant taken apart for its form is the same when it is put together again', () => {
  for (const grant of [
    { role: 'admin', scope: '*' },
    { role: 'operator', scope: 'env=stage/web:*' },
    { role: 'operator', scope: '#db/*', rights: ['see-fleet', 'act', 'send-input', 'manage-own-tokens'] },
    { role: 'viewer', scope: 'web-0?/*' },
    { role: 'viewer', scope: 'web:*' },
    { role: 'viewer', scope: 'env=a/* #b/c:d "odd name"/*' },
  ] as const satisfies readonly GrantView[])
    expect(grantOfDraft(draftOf(grant))).toEqual(grant);
});

test('a day begins and ends at the reader’s midnight, also when the clocks change in it', () => {
  const hours = (date: string, zone: string): number => {
    const day = dayBounds(date, zone);
    return day === null ? Number.NaN : (day.to - day.from) / 3_600_000;
  };
  expect(dayBounds('1970-01-01', 'UTC')).toEqual({ from: 0, to: 86_400_000 });
  expect(dayBounds('2026-11-26', 'Asia/Shanghai')?.from).toBe(Date.UTC(2026, 10, 25, 16));
  expect(dayBounds('2028-02-29', 'UTC')?.from).toBe(Date.UTC(2028, 1, 29));
  expect(hours('2026-03-29', 'Europe/Berlin')).toBe(23);
  expect(hours('2026-10-25', 'Europe/Berlin')).toBe(25);
  expect(dayBounds('yesterday', 'UTC')).toBe(null);
});

test('a browser is named in words; what nobody knows is shown as it calls itself', () => {
  const name = (agent: string): string => browserName(agent, say);
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0';
  expect(name(`${chrome} Safari/537.36`)).toBe('Chrome 156 on Linux');
  expect(name(`${chrome} Safari/537.36 Edg/156.0.0.0`)).toBe('Edge 156 on Linux');
  expect(name('Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0')).toBe(
    'Firefox 140 on Windows',
  );
  expect(
    name('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1'),
  ).toBe('Safari 19 on iPhone');
  expect(name('deploy-script')).toBe('deploy-script');
  expect(name('')).toBe('a program without a name');
});

const HERE = { base: '/fleet', csrf: 'c' };

test('a button that opens a plan leads to the plan’s page as long as no script runs', () => {
  const button =
    '<button type="button" class="x" data-do="plan" data-verb="stop" data-selector="a/b:c &amp; d">';
  expect(plainMarkup(button, HERE)).toContain(
    'type="submit" form="plain" name="do" value="stop a/b:c &amp; d"',
  );
  const only = button.replace('data-selector', 'data-only="a/b:c\na/b:d" data-selector');
  expect(plainMarkup(only, HERE)).toContain('value="stop a/b:c a/b:d"');
  const odd = button.replace('data-selector', 'data-only="a/b:&quot;c" data-selector');
  expect(plainMarkup(odd, HERE)).toBe(odd);
  const fold = '<button type="button" class="fold-button wide" data-do="fold" tabindex="-1">';
  expect(plainMarkup(fold, HERE)).toContain('type="submit" form="plain-filter" name="fold" value="0"');
  expect(plainMarkup(fold.replace(' wide', ''), HERE)).toBe(fold.replace(' wide', ''));
  expect(plainMarkup('<button type="button" data-do="tail">', HERE)).toBe(
    '<button type="button" data-do="tail">',
  );
});

test('a button that opens a sheet leads to its form’s page, one that acts at once sends a form', () => {
  const edit = '<button type="button" class="x" data-do="edit-grants" data-id="u-1">';
  expect(plainMarkup(edit, HERE)).toContain(
    'type="submit" form="plain" formaction="/fleet/forms/edit-grants" name="of" value="u-1"',
  );
  const end = '<button type="button" data-do="end-session" data-id="s-1" data-user="">';
  expect(plainMarkup(end, HERE)).toContain(
    'type="submit" form="plain-send" formaction="/fleet/forms/end-session" name="of" value="s-1 -"',
  );
});

test('a form with a file is read as it was sent, and what is no such form is none', () => {
  const body = Buffer.from(
    '--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nc\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="h.txt"\r\nContent-Type: text/plain\r\n\r\nhttp://a\r\n\r\nx\r\n--b--\r\n',
  );
  const sent = readMultipart('multipart/form-data; boundary=b', body);
  expect(sent?.fields.get('csrf')).toBe('c');
  expect(sent?.file?.toString()).toBe('http://a\r\n\r\nx');
  expect(readMultipart('multipart/form-data', body)).toBeNull();
});
