import type { DeviceView, Me } from '../../api/contract.ts';
import { fullTime, roughly } from './format.ts';
import type { Reader } from './reader.ts';
import { grantsInWords } from './settings/grant-words.ts';

const DAY_MS = 86_400_000;
const CHOICES_MS = [3_600_000, 8 * 3_600_000, DAY_MS, 7 * DAY_MS, 30 * DAY_MS, 90 * DAY_MS, 365 * DAY_MS];

/** A command that waits to be let in: what it is, from where, what it would get and for how long. */
export function deviceView(login: DeviceView, me: Me, reader: Reader) {
  const { label, address, isSameAddress, limit, ttlMs, askedAtMs } = login;
  const { say, nowMs } = reader;
  const asked = say('time.ago', { time: roughly(nowMs - askedAtMs, reader) });
  return {
    label,
    elsewhere: isSameAddress ? null : { address },
    facts: [
      { label: say('device.what'), value: label },
      {
        label: say('device.from'),
        value: address,
        second: say(isSameAddress ? 'device.here' : 'device.notHere'),
      },
      { label: say('device.asked'), value: asked, title: fullTime(askedAtMs, reader) },
      {
        label: say('device.gets'),
        value: limit === null ? say('device.all', { user: me.name }) : grantsInWords([limit], reader),
      },
    ],
    asksPassword: me.signsInBy !== 'oidc',
    asksFactor: me.secondFactor,
    ttls: [...new Set([...CHOICES_MS, ttlMs])]
      .sort((a, b) => a - b)
      .map((ms) => ({ ms, text: roughly(ms, reader), on: ms === ttlMs })),
  };
}
