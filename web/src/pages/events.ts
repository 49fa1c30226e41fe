// SPDX-License-Identifier: MIT
// The event log, newest first.
import * as api from '../api';
import type { EventRecord, SeverityName } from '../api';
import { notice, texts, type App, type Page } from '../app';
import { h, type Child, type VNode } from '../dom';
import { words } from '../format';

const page_size = 50;
const asks_for_a_page = 5; // at most, while a filter leaves little over
const wanted: Record<string, SeverityName[]> = {
  all: ['info', 'warning', 'error'], warnings: ['warning', 'error'], errors: ['error'],
};

export function when(app: App, event: EventRecord): Child {
  const f = app.format;
  if (typeof event.time === 'number') {
    return h('time', { datetime: new Date(event.time * 1000).toISOString() }, f.moment(event.time));
  }
  return texts(app).events.since_start(f.duration(event.uptime_s ?? 0));
}

export function event_table(app: App, events: EventRecord[]): VNode {
  const t = texts(app);
  return h('table', { class: 'events' },
    h('caption', { class: 'hidden' }, t.pages['events']),
    h('thead', null, h('tr', null, [t.events.time, t.events.severity, t.events.what].map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', null, events.map((event) => h('tr', { key: event.id, class: event.severity },
      h('td', { class: 'when' }, when(app, event)),
      h('td', null, h('span', { class: `tag ${event.severity}` }, words(t.events.severities, event.severity))),
      h('td', null, event.text, h('small', { class: 'code' }, event.code))))));
}

export function make_events(app: App): Page {
  let filter = 'all';
  let events: EventRecord[] = [];
  let before: number | undefined; // absent: the newest
  let more = false;
  let next: number | undefined; // where the older ones begin
  let state: 'loading' | 'good' | 'failed' = 'loading';
  let error = '';
  let language = app.format.language;
  let news = app.event_news;
  let turn = 0;
  let shown = false;

  async function load(): Promise<void> {
    const mine = ++turn;
    language = app.format.language;
    news = app.event_news;
    const found: EventRecord[] = [];
    let from = before;
    let further = true;
    try {
      for (let i = 0; i < asks_for_a_page && further && found.length < page_size; ++i) {
        const page = await api.events(language, from, filter === 'all' ? page_size : 200);
        if (mine !== turn) return;
        const list = page.events ?? [];
        found.push(...list.filter((event) => wanted[filter]!.includes(event.severity)));
        further = page.more && list.length > 0;
        from = list[list.length - 1]?.id;
      }
      events = found.slice(0, page_size);
      more = further || found.length > page_size;
      next = found.length > page_size ? events[events.length - 1]?.id : from;
      state = 'good';
    } catch (e) {
      if (mine !== turn) return;
      state = 'failed';
      error = e instanceof api.RequestError && e.status !== 0 ? e.message : texts(app).no_answer;
    }
    app.redraw();
  }

  function turn_to(id: number | undefined): void {
    before = id;
    void load();
  }

  function filters(): VNode {
    const t = texts(app).events;
    const names: Record<string, string> = { all: t.all, warnings: t.warnings, errors: t.errors };
    return h('fieldset', { class: 'segments' }, h('legend', { class: 'hidden' }, t.filter),
      Object.entries(names).map(([id, name]) => h('label', { key: id },
        h('input', {
          type: 'radio', name: 'severity', value: id, checked: id === filter,
          on: { change: () => { filter = id; turn_to(undefined); } },
        }), h('span', null, name))));
  }

  return {
    enter() {
      shown = true;
      turn_to(undefined);
    },
    leave() {
      shown = false;
      turn += 1;
    },
    view() {
      const t = texts(app);
      if (shown && (language !== app.format.language || (news !== app.event_news && before === undefined))) void load();
      const list: Child = state === 'failed'
        ? notice(t.failed(error), ' ', h('button', { type: 'button', on: { click: () => void load() } }, t.retry))
        : state === 'loading' && events.length === 0 ? notice(t.loading)
          : events.length === 0 ? notice(t.events.none) : h('div', { class: 'scroll card' }, event_table(app, events));
      return [
        filters(),
        list,
        h('div', { class: 'buttons' },
          h('button', { type: 'button', disabled: before === undefined, on: { click: () => turn_to(undefined) } }, t.events.newest),
          h('button', { type: 'button', disabled: !more, on: { click: () => turn_to(next) } }, t.events.older)),
      ];
    },
  };
}
