// SPDX-License-Identifier: MIT
// For finding out what is wrong: links, counters, ages, frames.
import type { Link, Snapshot } from '../api';
import { link_mark } from '../alarms';
import { age_now, card, facts, notice, texts, type App, type Page } from '../app';
import { h, type Child, type VNode } from '../dom';
import { words } from '../format';

interface Row {
  link: Link;
  kind: string;
  name: string;
}

function links_of(snapshot: Snapshot): Row[] {
  const rows: Row[] = [];
  for (const pack of snapshot.packs ?? []) if (pack.link) rows.push({ link: pack.link, kind: 'pack', name: pack.name });
  if (snapshot.can?.link) rows.push({ link: snapshot.can.link, kind: 'can', name: '' });
  for (const link of snapshot.sources ?? []) rows.push({ link, kind: 'source', name: '' });
  for (const link of snapshot.outlets ?? []) rows.push({ link, kind: 'outlet', name: '' });
  return rows;
}

function counters(app: App, link: Link): VNode {
  const t = texts(app);
  const all = Object.entries(link.counters ?? {});
  const counted = all.filter(([, count]) => count !== 0);
  return h('ul', { class: 'counters' },
    counted.map(([name, count]) => h('li', { key: name }, words(t.counters, name), ' ', h('b', null, app.format.number(count)))),
    counted.length < all.length ? h('li', { class: 'muted' }, t.diagnostics.zero_hidden(all.length - counted.length)) : null);
}

function link_table(app: App, snapshot: Snapshot): VNode {
  const t = texts(app);
  const d = t.diagnostics;
  return h('div', { class: 'scroll' }, h('table', { class: 'links' },
    h('caption', { class: 'hidden' }, d.links),
    h('thead', null, h('tr', null, [d.link, d.state, d.counters].map((name) => h('th', { scope: 'col' }, name)))),
    h('tbody', null, links_of(snapshot).map(({ link, kind, name }, i) => h('tr', { key: i },
      h('th', { scope: 'row' }, h('span', { class: 'muted' }, `${words(d.kinds, kind)} `), name, h('small', { class: 'code' }, link.name)),
      h('td', null, h('span', { class: `tag ${link_mark(link)}` }, words(t.states, link.state)),
        link.detail ? h('small', { lang: 'en' }, link.detail) : null),
      h('td', null, counters(app, link)))))));
}

function age_rows(app: App, snapshot: Snapshot): [string, Child][] {
  const t = texts(app);
  const d = t.diagnostics;
  const f = app.format;
  const rows: [string, Child][] = [];
  for (const pack of snapshot.packs ?? []) {
    rows.push([pack.name, f.age(age_now(app, pack.age_s))]);
    if (pack.rejected) rows.push([`${pack.name}: ${d.rejected}`, f.number(pack.rejected)]);
  }
  const site = snapshot.site;
  if (site?.grid) rows.push([d.grid, f.age(age_now(app, site.grid.age_s))]);
  for (const [source, age] of Object.entries(site?.peer?.source_ages_s ?? {})) rows.push([d.peer(source), f.age(age_now(app, age))]);
  if (site?.refused) rows.push([d.refused, f.number(site.refused)]);
  if (site?.peer && typeof site.response_s === 'number') rows.push([d.response, f.duration(site.response_s)]);
  return rows;
}

export function make_diagnostics(app: App): Page {
  return {
    view() {
      const t = texts(app);
      const d = t.diagnostics;
      const f = app.format;
      const s = app.snapshot;
      if (!s) return notice(app.connection === 'lost' ? t.no_answer : t.loading);
      const ago = (age: number | null) => (age === null ? d.never : d.ago(f.age(age)));
      return h('div', { class: 'grid' },
        card(d.program, 'program', facts([
          [d.version, s.version ?? t.unknown],
          [d.uptime, f.duration(age_now(app, s.uptime_s))],
          [d.transmitting, s.transmitting === undefined ? t.unknown : s.transmitting ? t.yes : t.no],
        ])),
        s.can ? card(d.bus, 'bus', facts([
          [d.mode, words(t.can_modes, s.can.mode)],
          [d.bursts, f.number(s.can.bursts)],
          [words(t.counters, 'frames_sent'), f.number(s.can.link?.counters?.['frames_sent'])],
          [d.last_burst, ago(age_now(app, s.can.last_burst_age_s))],
          [d.inverter, ago(age_now(app, s.can.inverter_age_s))],
        ])) : null,
        card(d.ages, 'ages', facts(age_rows(app, s))),
        card(d.page, 'this-page', facts([
          [d.state, words(t.connection, app.connection)],
          [d.messages, f.number(app.messages)],
          [d.reconnects, f.number(app.connects)],
        ])),
        h('div', { class: 'wide' }, card(d.links, 'links', link_table(app, s))));
    },
  };
}
