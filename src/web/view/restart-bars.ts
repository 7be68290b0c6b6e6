import type { RestartSlot } from '../../api/contract.ts';
import { SLOT_MS } from '../../fleet/restarts.ts';
import { hourMinute, listed } from './format.ts';
import type { Reader } from './reader.ts';

const CHART = { width: 960, height: 36 };
/** Of a half hour without a restart. */
const NONE_HEIGHT = 2;

export interface RestartBars {
  readonly peak: string;
  /** All of it in words. */
  readonly says: string;
  readonly bars: readonly {
    readonly x: number;
    readonly y: number;
    /** The whole width, for the pointer. */
    readonly room: number;
    readonly width: number;
    readonly height: number;
    readonly kind: 'none' | 'some' | 'flapping';
    readonly title: string;
  }[];
  readonly axis: readonly string[];
}

/** The restarts of the last day, a bar for each half hour; nothing drawn while they are not known. */
export function restartBars(slots: readonly RestartSlot[] | null, reader: Reader): RestartBars {
  if (slots === null) return { peak: '', says: '–', bars: [], axis: [] };
  const peak = Math.max(...slots.map(({ restarts }) => restarts));
  const peakSays =
    peak === 0
      ? reader.say('restarts.none')
      : reader.say('restarts.peak', {
          n: peak,
          time: hourMinute(slots.findLast(({ restarts }) => restarts === peak)?.atMs ?? 0, reader),
        });
  const step = CHART.width / slots.length;
  return {
    peak: peakSays,
    says: peak === 0 ? peakSays : inWords(slots, peakSays, reader),
    bars: slots.map((slot, nth) => {
      const { restarts, flapping } = slot;
      const height = restarts === 0 ? NONE_HEIGHT : 4 + Math.round(((CHART.height - 4) * restarts) / peak);
      return {
        x: nth * step + 1,
        y: CHART.height - height,
        room: step,
        width: step - 3,
        height,
        kind: restarts === 0 ? 'none' : flapping ? 'flapping' : 'some',
        title: titleOf(slot, reader),
      };
    }),
    axis: [0, 1, 2, 3].map((quarter) =>
      hourMinute(slots[Math.floor((quarter * slots.length) / 4)]?.atMs ?? 0, reader),
    ),
  };
}

function inWords(slots: readonly RestartSlot[], peak: string, reader: Reader): string {
  const { say } = reader;
  const all = slots.reduce((sum, { restarts }) => sum + restarts, 0);
  const flapping = slots.filter((slot) => slot.flapping).length;
  const parts = [say('restarts.all', { n: all }), peak];
  return listed([...parts, flapping === 0 ? '' : say('restarts.flappingIn', { n: flapping })], reader);
}

function titleOf({ atMs, restarts, flapping }: RestartSlot, reader: Reader): string {
  const times = `${hourMinute(atMs, reader)}–${hourMinute(atMs + SLOT_MS, reader)}`;
  const words = reader.say('restarts.in', { n: restarts });
  return `${times}: ${words}${flapping ? `, ${reader.say('restarts.flapping')}` : ''}`;
}
