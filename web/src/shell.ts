// SPDX-License-Identifier: MIT
// Everything around a page: navigation, state of the connection, alarms.
import { alarms_of } from './alarms';
import { card, page_names, remember, silence, texts, type App, type Page, type Theme } from './app';
import { h, type Child, type VNode } from './dom';
import { dictionaries, Format, words, type Language } from './format';
import { keep_token, token } from './token';

let menu_open = false;
const dark_system = matchMedia('(prefers-color-scheme: dark)');

export function is_dark(app: App): boolean {
  return app.theme === 'dark' || (app.theme === 'auto' && dark_system.matches);
}

export function apply_theme(app: App): void {
  const set = () => {
    document.documentElement.dataset['theme'] = is_dark(app) ? 'dark' : 'light';
    app.redraw();
  };
  dark_system.onchange = set;
  set();
}

function navigation(app: App): VNode {
  const t = texts(app);
  return h(
    'nav',
    { class: menu_open ? 'nav open' : 'nav', id: 'nav', 'aria-label': t.menu },
    h('ul', null, page_names.map((page) =>
      h('li', { key: page }, h('a', {
        href: `#/${page}`,
        'aria-current': page === app.page ? 'page' : null,
        on: { click: () => { menu_open = false; app.redraw(); } },
      }, words(t.pages, page))))),
    h('div', { class: 'choices' },
      choice(t.language, app.format.language, Object.entries(dictionaries).map(([id, d]) => [id, d.name]), (value) => {
        app.format = new Format(value as Language);
        remember('language', value);
      }, app, 'language'),
      choice(t.theme, app.theme, Object.entries(t.themes), (value) => {
        app.theme = value as Theme;
        remember('theme', value);
        apply_theme(app);
      }, app, 'theme')),
  );
}

function choice(label: string, value: string, options: [string, string][], choose: (value: string) => void, app: App, id: string): VNode {
  return h('label', { key: id }, h('span', { class: 'hidden' }, label),
    h('select', {
      id, title: label, value,
      on: { change: (event) => { choose((event.target as HTMLSelectElement).value); app.redraw(); } },
    }, options.map(([key, name]) => h('option', { value: key, selected: key === value, key }, name))));
}

function pill(app: App): VNode {
  const t = texts(app);
  const age = silence(app);
  const old = app.snapshot && (age >= 2 || app.connection !== 'live');
  return h('p', { class: `pill ${app.connection}`, id: 'connection' },
    h('span', { class: 'dot', 'aria-hidden': 'true' }),
    h('span', null, words(t.connection, app.connection)),
    old ? h('span', { class: 'pill-age' }, app.format.age(age)) : null);
}

function banner(app: App): Child {
  const t = texts(app);
  if (app.connection !== 'lost' && app.connection !== 'stale') return null;
  const lost = app.connection === 'lost';
  return h('div', { class: 'banner error', key: 'banner' },
    h('strong', null, lost ? t.lost_title : t.stale_title), ' ',
    lost ? t.lost_text : t.stale_text);
}

// Outside of what is read aloud on a change: it counts every second.
function how_old(app: App): Child {
  if (!app.snapshot || (app.connection !== 'lost' && app.connection !== 'stale')) return null;
  return h('p', { class: 'how-old', key: 'how-old' },
    texts(app).last_heard(app.format.time(app.received_at), app.format.age(silence(app))));
}

function alarm_list(app: App): Child {
  const t = texts(app);
  const alarms = app.snapshot ? alarms_of(app.snapshot, app.format).filter((a) => a.severity !== 'info') : [];
  if (alarms.length === 0) return null;
  return h('ul', { class: 'alarms', 'aria-label': t.alarms },
    alarms.map((alarm) => h('li', { class: `banner ${alarm.severity}`, key: alarm.text },
      h('span', { class: 'mark', 'aria-hidden': 'true' }, alarm.severity === 'error' ? '!' : '▲'),
      h('span', { class: 'hidden' }, `${words(t.events.severities, alarm.severity)}: `), alarm.text)));
}

// The daemon tells its values only to somebody with a token.
function lock(app: App): VNode {
  const t = texts(app);
  return card(t.locked_title, 'lock',
    h('p', null, token() ? t.commands.wrong_token : t.locked_text),
    h('form', {
      class: 'buttons',
      on: {
        submit: (event) => {
          event.preventDefault();
          keep_token((document.getElementById('read-token') as HTMLInputElement).value);
          app.reconnect();
        },
      },
    },
    h('label', { class: 'field' }, h('span', null, t.commands.token),
      h('input', { id: 'read-token', type: 'password', autocomplete: 'off', spellcheck: 'false', size: 32 })),
    h('button', { type: 'submit', class: 'primary' }, t.unlock)));
}

export function shell(app: App, page: Page): Child[] {
  const t = texts(app);
  const old = app.connection === 'lost' || app.connection === 'stale';
  return [
    h('a', {
      class: 'skip', href: '#main', key: 'skip',
      // The address is the page's name, so the jump is done by hand.
      on: { click: (event) => { event.preventDefault(); document.getElementById('main')?.focus(); } },
    }, t.skip),
    h('header', { class: 'top', key: 'top' },
      h('div', { class: 'top-in' },
        h('a', { class: 'brand', href: '#/live' }, 'jk-pylon'),
        pill(app),
        h('button', {
          class: 'menu', type: 'button', 'aria-expanded': String(menu_open), 'aria-controls': 'nav',
          on: { click: () => { menu_open = !menu_open; app.redraw(); } },
        }, t.menu),
        navigation(app))),
    h('main', { id: 'main', tabindex: '-1', class: old ? 'old' : '', key: 'main' },
      h('h1', { tabindex: '-1' }, words(t.pages, app.page)),
      h('div', { role: 'status', 'aria-live': 'polite', class: 'news' }, banner(app), alarm_list(app)),
      how_old(app),
      app.connection === 'locked' ? lock(app) : h('div', { class: `page ${app.page}`, key: app.page }, page.view())),
    h('footer', { class: 'foot', key: 'foot' }, `jk-pylon ${app.snapshot?.version ?? ''}`),
  ];
}
