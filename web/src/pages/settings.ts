// SPDX-License-Identifier: MIT
// The configuration in force, read only, and where each key is changed.
import * as api from '../api';
import type { Settings, SettingsKey } from '../api';
import { card, notice, texts, type App, type Page } from '../app';
import { h, type VNode } from '../dom';

const usual_file = '/etc/jk-pylon/jk-pylon.toml';

// A key's place in the file: "control.soc.source" stands in [control.soc], "pack[0].name" in [[pack]].
export function section_of(key: string): string {
  const dot = key.lastIndexOf('.');
  if (dot < 0) return '';
  const section = key.slice(0, dot);
  const table = /^(\w+)\[(\d+)\]$/.exec(section);
  return table ? `[[${table[1]}]] ${Number(table[2]) + 1}` : `[${section}]`;
}

function text_of(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const differs = (key: SettingsKey) => key.default !== undefined && text_of(key.value) !== text_of(key.default);

export function make_settings(app: App): Page {
  let settings: Settings | null = null;
  let error = '';
  let search = '';
  let only_changed = false;

  async function load(): Promise<void> {
    error = '';
    try {
      settings = await api.settings();
    } catch (e) {
      error = e instanceof api.RequestError && e.status !== 0 ? e.message : texts(app).no_answer;
    }
    app.redraw();
  }

  function row(key: SettingsKey): VNode {
    const t = texts(app).settings;
    const name = key.key.slice(key.key.lastIndexOf('.') + 1);
    const value = text_of(key.value);
    const unit = key.unit && value ? ` ${key.unit}` : '';
    return h('tr', { key: key.key, class: differs(key) ? 'changed' : '' },
      h('th', { scope: 'row' }, h('code', null, name)),
      h('td', null, value ? h('code', null, value) : h('span', { class: 'muted' }, t.empty), unit,
        differs(key) ? h('span', { class: 'tag info' }, t.changed) : null),
      h('td', { class: 'muted', 'data-label': text_of(key.default) ? t.default : null }, text_of(key.default) ? h('code', null, text_of(key.default)) : ''),
      h('td', { lang: 'en' }, key.help ?? ''));
  }

  function sections(keys: SettingsKey[]): VNode[] {
    const t = texts(app).settings;
    const groups = new Map<string, SettingsKey[]>();
    for (const key of keys) {
      const section = section_of(key.key);
      groups.set(section, [...(groups.get(section) ?? []), key]);
    }
    return [...groups].map(([section, list], i) => card(section || t.top, `section-${i}`,
      h('div', { class: 'scroll' }, h('table', { class: 'settings' },
        h('caption', { class: 'hidden' }, t.where(section)),
        h('thead', null, h('tr', null, [t.key, t.value, t.default, t.meaning].map((name) => h('th', { scope: 'col' }, name)))),
        h('tbody', null, list.map(row))))));
  }

  return {
    enter() {
      void load();
    },
    view() {
      const t = texts(app);
      if (error) return notice(t.failed(error), ' ', h('button', { type: 'button', on: { click: () => void load() } }, t.retry));
      if (!settings) return notice(t.loading);
      const wanted = search.trim().toLowerCase();
      const keys = (settings.keys ?? []).filter((key) =>
        (!only_changed || differs(key)) && (!wanted || `${key.key} ${key.help ?? ''}`.toLowerCase().includes(wanted)));
      return [
        h('p', null, t.settings.intro(settings.file ?? usual_file), ' ', h('code', { class: 'command' }, t.settings.then)),
        h('div', { class: 'buttons', key: 'tools' },
          h('label', { class: 'field' }, h('span', null, t.settings.search),
            h('input', { type: 'search', value: search, on: { input: (e) => { search = (e.target as HTMLInputElement).value; app.redraw(); } } })),
          h('label', { class: 'check' },
            h('input', { type: 'checkbox', checked: only_changed, on: { change: (e) => { only_changed = (e.target as HTMLInputElement).checked; app.redraw(); } } }),
            t.settings.only_changed),
          h('span', { class: 'muted', role: 'status' }, t.settings.matches(keys.length))),
        keys.length === 0 ? notice(t.settings.none) : h('div', { class: 'stack' }, sections(keys)),
      ];
    },
  };
}
