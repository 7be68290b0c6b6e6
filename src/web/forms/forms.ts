import { ACTION_FORMS } from './actions.ts';
import { ALERT_FORMS } from './alerts.ts';
import type { PlainForm } from './form.ts';
import { HOST_FORMS } from './hosts.ts';
import { HUB_FORMS } from './hub.ts';
import { PEOPLE_FORMS } from './people.ts';
import { SCHEDULE_FORMS } from './schedules.ts';
import { VIEW_FORMS } from './views.ts';
import { OWN_FORMS } from './you.ts';

/** Every form by its name: the same as the `data-do` of the button that opens it, where there is one. */
const FORMS: Readonly<Record<string, PlainForm>> = {
  ...OWN_FORMS,
  ...PEOPLE_FORMS,
  ...HUB_FORMS,
  ...HOST_FORMS,
  ...VIEW_FORMS,
  ...ACTION_FORMS,
  ...ALERT_FORMS,
  ...SCHEDULE_FORMS,
};

export const formNamed = (name: string): PlainForm | null =>
  Object.hasOwn(FORMS, name) ? (FORMS[name] ?? null) : null;
