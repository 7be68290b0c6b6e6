import { expect, test } from 'vitest';
import { DEVICE_INTERVAL_MS, DeviceLogins } from '../../src/accounts/device-logins.ts';
import { FakeClock } from '../support/fake-clock.ts';

const WISH = { label: 'a command', ttlMs: 60_000, limit: null, address: '10.0.0.1' };
const TOKEN = { id: 't_1', token: 'fvt_x', user: 'mei', expiresAtMs: null };

function logins() {
  const clock = new FakeClock();
  const unclaimed: string[] = [];
  const devices = new DeviceLogins(clock, (id) => unclaimed.push(id));
  const begin = (address = WISH.address) => {
    const begun = devices.begin({ ...WISH, address });
    if (begun === null) throw new Error('too many');
    return begun;
  };
  return { clock, devices, unclaimed, begin };
}

test('a code is found however it is typed, and its token is handed over once, to the command alone', () => {
  const { clock, devices, begin } = logins();
  const { deviceCode, login } = begin();
  expect(login.userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  for (const typed of [login.userCode, login.userCode.toLowerCase().replace('-', ' '), `${login.userCode} `])
    expect(devices.find(typed, 'u_1')).toMatchObject({ label: 'a command' });
  expect(devices.poll(deviceCode)).toEqual({ kind: 'pending' });
  devices.answer(login, TOKEN);
  expect(devices.find(login.userCode, 'u_2')).toBeNull(); // answered once
  expect(devices.poll(login.userCode)).toEqual({ kind: 'gone' });
  clock.advance(DEVICE_INTERVAL_MS);
  expect(devices.poll(deviceCode)).toEqual({ kind: 'approved', token: TOKEN });
  expect(devices.poll(deviceCode)).toEqual({ kind: 'gone' });
});

test('who asks faster than told is slowed, who was turned away hears it, and all end after ten minutes', () => {
  const { clock, devices, unclaimed, begin } = logins();
  const [first, second, third] = [begin(), begin(), begin()];
  expect(devices.poll(first.deviceCode).kind).toBe('pending');
  expect(devices.poll(first.deviceCode).kind).toBe('too-soon');
  devices.answer(second.login, 'denied');
  expect(devices.poll(second.deviceCode).kind).toBe('denied');
  devices.answer(third.login, TOKEN);
  clock.advance(10 * 60_000);
  expect(devices.find(first.login.userCode, 'u_1')).toBeNull();
  expect([first, second, third].map(({ deviceCode }) => devices.poll(deviceCode).kind)).toEqual([
    'gone',
    'gone',
    'gone',
  ]);
  expect(unclaimed).toEqual([TOKEN.id]); // made, never fetched
});

test('abuse 15: codes cannot be guessed, nor asked for without end', () => {
  const { clock, devices, begin } = logins();
  const { login } = begin();
  for (let n = 0; n < 20; n++) expect(devices.find('BBBB-BBBB', 'u_1')).toBeNull();
  expect(devices.find(login.userCode, 'u_1')).toBe('slow');
  expect(devices.find(login.userCode, 'u_2')).not.toBeNull();
  for (let n = 1; n < 20; n++) begin();
  expect(devices.begin(WISH)).toBeNull();
  for (let n = 20; n < 500; n++) begin(`10.0.1.${n}`);
  expect(devices.begin({ ...WISH, address: '10.0.0.2' })).toBeNull();
  clock.advance(10 * 60_000 + 1);
  expect(devices.begin(WISH)).not.toBeNull();
  expect(devices.find('nothing', 'u_1')).toBeNull(); // no longer slow
});
