import type { AlertPage } from '../../../api/contract.ts';
import { type Loaded, mapLoaded } from '../loaded.ts';
import type { Reader } from '../reader.ts';
import { type AlertLine, alertLine, worstFirst } from './alert-line.ts';

/** The open alerts about what a page shows; none while they are not known. */
export function openHere(loaded: Loaded<AlertPage>, reader: Reader): AlertLine[] {
  return mapLoaded(loaded, ({ alerts }) => worstFirst(alerts).map((alert) => alertLine(alert, reader)), []);
}
