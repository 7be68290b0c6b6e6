import type { ImportReport, ImportRequest } from '../../api/contract.ts';
import { importView } from '../view/import-report.ts';
import { call, problemWords } from './api.ts';
import { onDo } from './doers.ts';
import { html } from './draw.ts';
import { reader } from './screen.ts';
import { openSheet, redrawSheet } from './sheet.ts';

let dialog: HTMLDialogElement | null = null;
let report: ImportReport | null = null;
let problem: { cause: string; mend: string } | null = null;

function text(): string {
  return html('partials/import-sheet', {
    report: report === null ? null : importView(report, reader()),
    addable: report?.dryRun === true ? report.rows.filter(({ result }) => result === 'added').length : 0,
    problem,
  });
}

onDo('import-hosts', () => {
  [report, problem] = [null, null];
  dialog = openSheet('sheet', text());
});

onDo('import-run', async (on) => {
  const form = document.getElementById('import-hosts');
  if (!(form instanceof HTMLFormElement) || !form.reportValidity()) return;
  const given = new FormData(form);
  const file = given.get('file');
  if (!(file instanceof File)) return;
  const environment = String(given.get('environment') ?? '').trim();
  const wanted: ImportRequest = {
    content: base64(new Uint8Array(await file.arrayBuffer())),
    dryRun: on.dataset.dry === 'yes',
    ...(environment === '' ? {} : { environment }),
  };
  const answer = await call<ImportReport>('POST', '/hosts/import', wanted);
  problem = answer.ok ? null : problemWords(answer.problem);
  report = answer.ok ? answer.value : null;
  if (dialog !== null) redrawSheet(dialog, text());
});

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
