import { bytesWithUnit } from './format.ts';
import type { Reader } from './reader.ts';
import { NOTHING_PICKED, processRow } from './row-view.ts';
import type { World } from './world.ts';

const SHOWN = 6;

/** What takes the most memory, each beside the largest; null where no host measures. */
export function heaviest(world: World, reader: Reader): unknown {
  const measured = world.members
    .filter(
      ({ process, mark }) => process.memoryBytes !== null && process.memoryBytes > 0 && mark !== 'stale',
    )
    .sort((a, b) => (b.process.memoryBytes ?? 0) - (a.process.memoryBytes ?? 0))
    .slice(0, SHOWN);
  const most = measured[0]?.process.memoryBytes ?? 0;
  if (most === 0) return null;
  return measured.map((member) => {
    const bytes = member.process.memoryBytes ?? 0;
    return {
      ...processRow(member, reader, NOTHING_PICKED),
      memory: bytesWithUnit(bytes),
      bar: Math.max(1, Math.round((100 * bytes) / most)),
    };
  });
}
