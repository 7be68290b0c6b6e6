import type { SchedulePreview, ScheduleRun, ScheduleView } from '../../api/contract.ts';
import { linkTo } from '../view/links.ts';
import { previewView } from '../view/schedules/preview-view.ts';
import { schedulePath } from '../view/schedules/reads.ts';
import { SCHEDULE_FIELDS, scheduleFields, scheduleTyped } from '../view/schedules/schedule-fields.ts';
import { type FormAsk, type FormPage, field, firstWord, type PlainForm, type Sent } from './form.ts';

const schedules = { right: 'act', nav: 'actions', back: '/schedules' } as const;

/** What is done about schedules. */
export const SCHEDULE_FORMS = {
  'add-schedule': {
    ...schedules,
    page: (ask) => fieldsPage(ask, null),
    async send(ask) {
      if (field(ask.given, 'also') === 'preview') return previewed(ask, null);
      const { name } = await ask.call<ScheduleView>('POST', '/schedules', scheduleTyped(ask.given));
      return { kind: 'done', said: { key: 'schedules.saved', values: { name } } };
    },
  },
  'edit-schedule': {
    ...schedules,
    of: ['data-id'],
    async page(ask) {
      const version = await ask.versionOf(schedulePath(ask.of));
      return { ...fieldsPage(ask, await known(ask)), version };
    },
    async send(ask) {
      if (field(ask.given, 'also') === 'preview') return previewed(ask, await known(ask));
      const { name } = await ask.call<ScheduleView>('PATCH', schedulePath(ask.of), scheduleTyped(ask.given));
      return { kind: 'done', said: { key: 'schedules.saved', values: { name } } };
    },
  },
  'turn-schedule': {
    ...schedules,
    of: ['data-verb', 'data-id'],
    async send({ of, call, from }) {
      const [verb, id] = firstWord(of);
      const does = verb === 'on' ? 'resume' : 'pause';
      const { name } = await call<ScheduleView>('POST', `${schedulePath(id)}/${does}`, {});
      const key = does === 'resume' ? 'schedules.resumed' : 'schedules.paused';
      return { kind: 'done', said: { key, values: { name } }, to: from };
    },
  },
  'run-schedule': {
    ...schedules,
    of: ['data-id'],
    async page(ask) {
      const { name, owner } = await known(ask);
      const { say } = ask.reader;
      return {
        icon: 'player-play',
        title: say('schedules.runTitle', { name }),
        text: say('schedules.runText', { owner }),
        button: say('schedules.runNow'),
        fields: 'schedule-run',
        ownFaults: new Set(['confirm']),
        shape: 'one',
      };
    },
    async send({ of, given, call }) {
      const confirm = field(given, 'confirm');
      const run = await call<ScheduleRun>(
        'POST',
        `${schedulePath(of)}/run`,
        confirm === '' ? {} : { confirm },
      );
      const { name } = await call<ScheduleView>('GET', schedulePath(of));
      const to = run.actionId === null ? linkTo.schedule(of) : linkTo.action(run.actionId);
      return { kind: 'done', said: { key: 'schedules.ran', values: { name } }, to };
    },
  },
  'remove-schedule': {
    ...schedules,
    of: ['data-id'],
    async page(ask) {
      const { name } = await known(ask);
      const { say } = ask.reader;
      return {
        icon: 'trash',
        title: say('schedules.removeTitle', { name }),
        text: say('schedules.removeText'),
        button: say('schedules.removeButton'),
        danger: true,
      };
    },
    async send(ask) {
      const { name } = await known(ask);
      await ask.call('DELETE', schedulePath(ask.of));
      const undo = { form: 'restore-schedule', of: ask.of, label: 'do.putBack' } as const;
      return { kind: 'done', said: { key: 'schedules.removed', values: { name }, undo } };
    },
  },
  'restore-schedule': {
    ...schedules,
    async send({ of, call }) {
      const { name } = await call<ScheduleView>('POST', `${schedulePath(of)}/restore`, {});
      return { kind: 'done', said: { key: 'schedules.isBack', values: { name } } };
    },
  },
} as const satisfies Record<string, PlainForm>;

const known = ({ of, call }: FormAsk): Promise<ScheduleView> => call('GET', schedulePath(of));

function fieldsPage({ given, reader }: FormAsk, schedule: ScheduleView | null): FormPage {
  const { say } = reader;
  return {
    icon: 'calendar-time',
    title:
      schedule === null ? say('schedules.addTitle') : say('schedules.editTitle', { name: schedule.name }),
    button: say('schedules.save'),
    also: { value: 'preview', label: say('schedules.preview') },
    fields: 'schedule',
    ownFaults: SCHEDULE_FIELDS,
    model: scheduleFields(given.has('cron') ? scheduleTyped(given) : schedule, reader),
  };
}

/** The same form again, with when it would run and what it would touch below it. */
async function previewed(ask: FormAsk, schedule: ScheduleView | null): Promise<Sent> {
  const { cron, timeZone, action } = scheduleTyped(ask.given);
  const preview = await ask.call<SchedulePreview>('POST', '/schedules/preview', { cron, timeZone, action });
  const page = fieldsPage(ask, schedule);
  return {
    kind: 'shown',
    page: {
      ...page,
      below: 'schedule-preview',
      version: ask.given.get('version') ?? '',
      model: { ...page.model, ...previewView(preview, timeZone, ask.reader) },
    },
  };
}
