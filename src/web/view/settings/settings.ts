import type { Right } from '../../../accounts/rights.ts';
import type { MessageKey } from '../../messages/en.ts';
import { missingPage } from '../missing.ts';
import type { PageMaker } from '../page.ts';
import type { Reader } from '../reader.ts';
import { alertsPart } from './alerts.ts';
import { auditPart } from './audit.ts';
import { hubPart } from './hub.ts';
import type { PartMaker } from './part.ts';
import { peoplePart } from './people.ts';
import { personPart } from './person.ts';
import { youPart } from './you.ts';

interface Place {
  readonly key: string;
  readonly icon: string;
  readonly label: MessageKey;
  /** Who lacks it finds nothing here; null: everybody. */
  readonly right: Right | null;
}

const PLACES: readonly Place[] = [
  { key: 'you', icon: 'user', label: 'settings.you', right: null },
  { key: 'people', icon: 'users', label: 'settings.people', right: 'manage-people' },
  { key: 'audit', icon: 'list-search', label: 'settings.audit', right: 'read-audit' },
  { key: 'alerts', icon: 'bell', label: 'settings.alerts', right: 'manage-hosts' },
  { key: 'hub', icon: 'server-cog', label: 'settings.hub', right: 'manage-hub' },
];

/** By what stands behind `/settings/`, and how many more parts there are. */
const MAKERS: Readonly<Record<string, PartMaker>> = {
  'you/0': youPart,
  'people/0': peoplePart,
  'people/1': personPart,
  'audit/0': auditPart,
  'alerts/0': alertsPart,
  'hub/0': hubPart,
};

/** `/settings/…`: each part only for those who may; for others there is nothing at its address. */
export const settingsPage: PageMaker = (world, reader, asked) => {
  const [key = 'you', ...more] = asked.parts;
  const place = PLACES.find((one) => one.key === key && mayEnter(one, reader));
  const side = settingsSide(key, reader);
  const name = `${key}/${more.length}`;
  const make = Object.hasOwn(MAKERS, name) ? MAKERS[name] : undefined;
  const part = place === undefined ? null : (make?.(world, reader, { ...asked, parts: more }) ?? null);
  if (part === null)
    return missingPage('settings', reader.say('missing.page'), '/settings/you', reader, side);
  const { title, template, model } = part;
  return {
    nav: 'settings',
    title,
    found: true,
    side,
    main: { template, model: { ...model, tabs: side.model.places } },
  };
};

const mayEnter = ({ right }: Place, reader: Reader): boolean => right === null || reader.may(right);

/** The parts somebody may enter, the current one marked. */
export function settingsSide(current: string, reader: Reader) {
  const places = PLACES.filter((place) => mayEnter(place, reader)).map(({ key, icon, label }) => ({
    key,
    icon,
    link: `/settings/${key}`,
    label: reader.say(label),
    current: key === current,
  }));
  return { template: 'partials/settings-side', model: { places } };
}
