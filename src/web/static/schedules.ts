import type { NewSchedule, SchedulePreview, ScheduleRun, ScheduleView } from '../../api/contract.ts';
import { previewView } from '../view/schedules/preview-view.ts';
import { schedulePath } from '../view/schedules/reads.ts';
import {
  SCHEDULE_FIELDS,
  type ScheduleForm,
  scheduleFields,
  scheduleTyped,
} from '../view/schedules/schedule-fields.ts';
import { type Answer, call, problemWords } from './api.ts';
import { stale } from './asked.ts';
import { onDo } from './doers.ts';
import { announce, announceWithUndo, tell } from './dom.ts';
import { draw, html } from './draw.ts';
import { doNow, field, openForm } from './form-sheet.ts';
import { socket } from './live.ts';
import { go } from './navigation.ts';
import { say } from './page-root.ts';
import { path, reader } from './screen.ts';

const TYPED_MS = 300;
const typed = (form: FormData): URLSearchParams =>
  new URLSearchParams([...form].map(([name, value]) => [name, String(value)]));

socket.on('schedules', () => stale('/schedules'));

function changed(says: string): void {
  stale('/schedules');
  tell(says);
}

const askPreview = (
  wish: Pick<NewSchedule, 'cron' | 'timeZone' | 'action'>,
): Promise<Answer<SchedulePreview>> => {
  const { cron, timeZone, action } = wish;
  return call('POST', '/schedules/preview', { cron, timeZone, action });
};

/** A sheet whose lower part says, as one types, when it would run and what it would touch. */
function scheduleSheet(
  known: ScheduleForm | null,
  send: (given: URLSearchParams) => Promise<Answer<ScheduleView>>,
): void {
  let given: URLSearchParams | null = null;
  let word: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const name = known === null || known.name === '' ? null : known.name;
  const preview = async (form: HTMLFormElement): Promise<void> => {
    const wish = scheduleTyped(typed(new FormData(form)));
    const place = form.querySelector<HTMLElement>('[data-own=preview]');
    if (place === null || wish.cron === '' || wish.action.selector === '') return;
    const answer = await askPreview(wish);
    if (!form.isConnected) return;
    word = answer.ok ? answer.value.confirm : null;
    const view = answer.ok
      ? previewView(answer.value, wish.timeZone, reader())
      : { problem: problemWords(answer.problem) };
    draw(place, html('partials/schedule-preview', view));
    form.querySelector<HTMLElement>('.asks-word')?.toggleAttribute('hidden', word === null);
    const asked = form.querySelector('.asked-word');
    if (asked !== null) asked.textContent = word ?? '';
  };
  const sheet = openForm<ScheduleView>({
    template: 'partials/fields-sheet',
    kind: 'sheet',
    ownFaults: SCHEDULE_FIELDS,
    model: () => ({
      ...scheduleFields(given === null ? known : scheduleTyped(given), reader()),
      icon: 'calendar-time',
      title: name === null ? say('schedules.addTitle') : say('schedules.editTitle', { name }),
      button: say('schedules.save'),
      fields: 'schedule',
      noWord: word === null,
      word,
    }),
    send(form) {
      given = typed(form);
      return send(given);
    },
    done(schedule) {
      changed(say('schedules.saved', { name: schedule.name }));
      if (!path().startsWith('/schedules')) go('/schedules');
    },
    changed(form) {
      clearTimeout(timer);
      timer = setTimeout(() => void preview(form), TYPED_MS);
    },
  });
  const form = sheet.dialog.querySelector('form');
  if (form !== null) void preview(form);
}

const addSchedule = (known: ScheduleForm | null): void =>
  scheduleSheet(known, (given) => call('POST', '/schedules', scheduleTyped(given)));

onDo('add-schedule', () => addSchedule(null));

/** What a plan shows, from now on at certain times. */
export function scheduleThis(action: ScheduleForm['action']): void {
  const timeZone = reader().zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  addSchedule({ name: '', cron: '', timeZone, action, missed: 'skip', missedMinutes: 60 });
}

onDo('edit-schedule', (on) => {
  const at = schedulePath(on.dataset.id ?? '');
  void doNow(call<ScheduleView>('GET', at), (schedule, version) =>
    scheduleSheet(schedule, (given) => call('PATCH', at, scheduleTyped(given), version)),
  );
});
onDo('turn-schedule', (on) => {
  const does = on.dataset.verb === 'on' ? 'resume' : 'pause';
  void doNow(call<ScheduleView>('POST', `${schedulePath(on.dataset.id ?? '')}/${does}`, {}), ({ name }) =>
    changed(say(does === 'resume' ? 'schedules.resumed' : 'schedules.paused', { name })),
  );
});
onDo('remove-schedule', ({ dataset: { id = '', name = '' } }) => {
  void doNow(call<null>('DELETE', schedulePath(id)), () => {
    stale('/schedules');
    if (path() !== '/schedules') go('/schedules');
    announceWithUndo(say('schedules.removed', { name }), say('do.putBack'), () => void putBack(id));
  });
});

async function putBack(id: string): Promise<void> {
  await doNow(call<ScheduleView>('POST', `${schedulePath(id)}/restore`, {}), ({ name }) => {
    stale('/schedules');
    announce(say('schedules.isBack', { name }));
  });
}

/** Shows what it would touch now before it does. */
onDo('run-schedule', (on) => {
  const at = schedulePath(on.dataset.id ?? '');
  void doNow(call<ScheduleView>('GET', at), async (schedule) => {
    const answer = await askPreview(schedule);
    if (!answer.ok) return announce(Object.values(problemWords(answer.problem)).join(' '));
    const word = answer.value.confirm;
    openForm<ScheduleRun>({
      template: 'partials/fields-sheet',
      ownFaults: new Set(['confirm']),
      model: () => ({
        ...previewView({ ...answer.value, nextAtMs: [] }, schedule.timeZone, reader()),
        icon: 'player-play',
        title: say('schedules.runTitle', { name: schedule.name }),
        text: say('schedules.runText', { owner: schedule.owner }),
        button: say('schedules.runNow'),
        fields: 'schedule-run',
        noWord: word === null,
        word,
      }),
      send(form) {
        const confirm = field(form, 'confirm');
        return call('POST', `${at}/run`, confirm === '' ? {} : { confirm });
      },
      done({ actionId }) {
        stale('/schedules');
        if (actionId !== null) go(`/actions/${encodeURIComponent(actionId)}`);
      },
    });
  });
});
