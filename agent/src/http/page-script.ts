/**
 * What the status page adds in a browser: actions by POST with the page's token, rows that keep up without a
 * reload, and a drawer that follows a log. Everything a child or a configuration named goes in as text.
 */
export const PAGE_SCRIPT = String.raw`'use strict';
(() => {
  const token = document.querySelector('meta[name=token]').content;
  const message = document.querySelector('.message');
  const main = document.querySelector('main');
  const rows = () => document.querySelector('tbody');
  const say = (text) => { message.textContent = text; };
  let refreshing = false;

  async function refresh() {
    if (refreshing || document.hidden) return;
    refreshing = true;
    try {
      const answer = await fetch('status.json', { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
      if (!answer.ok) throw new Error('status ' + answer.status);
      show(await answer.json());
      main.classList.remove('stale');
    } catch (error) {
      main.classList.add('stale');
      say('This host does not answer: ' + error.message);
    } finally {
      refreshing = false;
    }
  }

  function show(data) {
    if (!rows() || data.processes.length !== rows().rows.length) return location.reload();
    document.querySelector('.summary').textContent = data.summary;
    data.processes.forEach((process, i) => {
      const row = rows().rows[i];
      if (row.dataset.name !== process.namespec) return location.reload();
      const state = row.querySelector('.state span');
      state.textContent = process.state.toLowerCase();
      state.className = process.state.toLowerCase();
      row.querySelector('.about').textContent = process.description;
      const actions = row.querySelector('.actions');
      if (actions.dataset.links !== process.links.map((link) => link.name).join()) {
        actions.replaceChildren(...process.links.map(anchor));
        actions.dataset.links = process.links.map((link) => link.name).join();
      }
    });
  }

  function anchor(link) {
    const a = document.createElement('a');
    a.href = link.href;
    a.textContent = link.name;
    a.className = link.kind;
    return a;
  }

  async function act(link) {
    const form = new URLSearchParams(new URL(link.href).search);
    const everything = !form.has('processname') && form.get('action') !== 'refresh';
    if (everything && !confirm(link.textContent + ': every process on this host?')) return;
    form.set('token', token);
    link.classList.add('busy');
    say(link.textContent + ' …');
    try {
      const answer = await fetch('index.html', { method: 'POST', body: form, headers: { Accept: 'application/json' } });
      say(answer.ok ? (await answer.json()).message : 'Refused with status ' + answer.status);
    } catch (error) {
      say('No answer: ' + error.message);
    }
    link.classList.remove('busy');
    refresh();
  }

  let following = null;
  const drawer = document.querySelector('.drawer');
  const KEEP = 200000;
  const ESCAPES = /\x1b\[[0-?]*[ -/]*[@-~]/g;

  async function follow(link) {
    if (following) following.abort();
    const controller = following = new AbortController();
    const log = drawer.querySelector('pre');
    drawer.hidden = false;
    drawer.querySelector('strong').textContent = link.closest('tr').dataset.name + ' · ' + (link.href.endsWith('/stderr') ? 'stderr' : 'stdout');
    log.textContent = '';
    try {
      const answer = await fetch(link.href, { signal: controller.signal });
      if (!answer.ok) throw new Error('there is no such log (' + answer.status + ')');
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 20;
        log.textContent = (log.textContent + value).replace(ESCAPES, '').slice(-KEEP);
        if (atEnd) log.scrollTop = log.scrollHeight;
      }
    } catch (error) {
      if (error.name !== 'AbortError') log.textContent += '\n' + error.message;
    }
  }

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.classList.contains('act')) { event.preventDefault(); act(link); }
    if (link.classList.contains('tail')) { event.preventDefault(); follow(link); }
    if (link.classList.contains('close')) { event.preventDefault(); if (following) following.abort(); drawer.hidden = true; }
  });
  document.addEventListener('visibilitychange', refresh);
  setInterval(refresh, 2000);
})();
`;
