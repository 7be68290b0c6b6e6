import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Candidate, parseSelector, selects } from '../../src/fleet/selector.ts';
import { targetSelector } from '../../src/fleet/target.ts';

const candidate = (target: string, more: Partial<Candidate['host']> = {}): Candidate => {
  const [host = '', rest = ''] = target.split('/');
  const [group = '', process = ''] = rest.split(':');
  return { host: { name: host, environment: null, tags: [], ...more }, group, process };
};

function matches(text: string, subject: Candidate): boolean {
  const parsed = parseSelector(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return selects(parsed.value, subject);
}

describe('what a selector names', () => {
  test.each([
    ['*', 'web-01/api:api_00', true],
    ['web-01/*', 'web-01/api:api_00', true],
    ['web-02/*', 'web-01/api:api_00', false],
    ['web-0?/api:*', 'web-01/api:api_00', true],
    ['web-0[2-9]/api:*', 'web-01/api:api_00', false],
    ['web-0[!2-9]/api:*', 'web-01/api:api_00', true],
    ['api:api_00', 'db/api:api_00', true],
    ['api:', 'db/api:api_00', true],
    ['api:', 'db/apis:api_00', false],
    ['group api', 'db/api:api_00', true],
    ['group api', 'db/web:api', false],
    ['group  "api"', 'db/api:x', true],
    ['cron', 'db/cron:cron', true],
    ['cron', 'db/cron:cron_1', false],
    ['api', 'db/api:api_00', false],
    ['cron api:*', 'db/api:api_00', true],
    ['cron,api:*', 'db/cron:cron', true],
    ['API:*', 'db/api:api_00', false],
    ['db/api:a/b', 'db/api:a', false],
  ])('%s against %s: %s', (text, subject, expected) => {
    expect(matches(text, candidate(subject))).toBe(expected);
  });

  test('tags and environments are of the host', () => {
    const host = { environment: 'prod', tags: ['edge', 'eu-west'] };
    expect(matches('#edge/api:*', candidate('a/api:1', host))).toBe(true);
    expect(matches('#eu-*/api:*', candidate('a/api:1', host))).toBe(true);
    expect(matches('#prod/api:*', candidate('a/api:1', host))).toBe(false);
    expect(matches('env=prod/api:*', candidate('a/api:1', host))).toBe(true);
    expect(matches('env=*/api:*', candidate('a/api:1'))).toBe(false);
  });

  test('quotes and backslashes take the meaning from characters', () => {
    const odd: Candidate = {
      host: { name: 'a', environment: null, tags: [] },
      group: 'my group',
      process: 'x*:/[y',
    };
    expect(matches('"my group":"x*:/[y"', odd)).toBe(true);
    expect(matches('my\\ group:x\\*:/\\[y', odd)).toBe(true);
    expect(matches('"my group":"x?:/[y"', odd)).toBe(false);
  });
});

describe('what is wrong with a selector', () => {
  test.each([
    ['', 'selector:1', 'names nothing'],
    ['  ', 'selector:1', 'names nothing'],
    ['web[1:*', 'selector:4', 'opens a set that is not closed'],
    ['"web:*', 'selector:1', 'opens a quote that is not closed'],
    ['/web', 'selector:1', 'has no host before the slash'],
    ['a/', 'selector:2', 'names no process after the slash'],
    ['#prod', 'selector:1', 'names hosts, but no processes on them'],
    ['env=prod', 'selector:1', 'names hosts, but no processes on them'],
    ['x:* :a', 'selector:5', 'has an empty group'],
    ['group', 'selector:1', '"group" needs a name after it'],
    ['#/a', 'selector:1', 'has an empty tag'],
  ])('%j says at %s: %s', (text, where, says) => {
    const parsed = parseSelector(text);
    expect(parsed.ok ? [] : parsed.problems).toContainEqual(expect.objectContaining({ where, says }));
  });

  test('every problem is told at once', () => {
    const parsed = parseSelector('a[:x #prod');
    expect(parsed.ok ? 0 : parsed.problems.length).toBe(2);
  });
});

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });

describe('properties', () => {
  test('every target can be named exactly, whatever its names hold', () => {
    fc.assert(
      fc.property(name, name, name, name, (host, group, process, other) => {
        const subject: Candidate = { host: { name: host, environment: null, tags: [] }, group, process };
        const text = targetSelector({ host, group, process });
        expect(matches(text, subject)).toBe(true);
        if (other !== process) expect(matches(text, { ...subject, process: other })).toBe(false);
        if (other !== group) expect(matches(text, { ...subject, group: other })).toBe(false);
      }),
    );
  });

  test('any text is either a selector or told what is wrong with it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const parsed = parseSelector(text);
        expect(parsed.ok ? parsed.value.terms.length : parsed.problems.length).toBeGreaterThan(0);
      }),
    );
  });

  test('a glob of stars is matched in a moment', () => {
    const text = `${'*a'.repeat(200)}b:*`;
    expect(
      matches(text, {
        host: { name: 'h', environment: null, tags: [] },
        group: 'a'.repeat(5_000),
        process: 'p',
      }),
    ).toBe(false);
  });
});
