// SPDX-License-Identifier: MIT
// What the battery does now, what it may do, and why.
import * as api from '../api';
import type { Battery, EnergyDay, Limit, Limiter, Maybe, Snapshot } from '../api';
import { card, facts, notice, texts, type App, type Page } from '../app';
import { h, type Child, type VNode } from '../dom';
import { flow_picture, watts_of } from '../flow';
import { words } from '../format';
import { reason, remedy } from '../reasons';

const phases = ['idle', 'bulk', 'absorb', 'full', 'balance', 'float'];

function limiter_row(app: App, limiter: Limiter): VNode {
  const t = texts(app);
  return h('tr', { class: limiter.limiting ? 'acting' : 'free' },
    h('th', { scope: 'row' }, words(t.rules, limiter.rule), limiter.pack ? h('small', null, ` ${limiter.pack}`) : null),
    h('td', { class: 'num' }, limiter.limiting ? app.format.amps(limiter.limit_a) : t.no_limit),
    h('td', null, limiter.limiting ? reason(limiter, app.format) : ''));
}

// The largest limit anybody configured: where the bar ends.
function scale_of(limit: Limit): number {
  const maxima = (limit.limiters ?? []).filter((l) => l.rule === 'user_maximum' || (l.rule === 'bank_maximum' && l.limiting));
  return Math.max(1, limit.limit_a, ...maxima.map((l) => l.limit_a));
}

function limit_card(app: App, id: string, title: string, limit: Limit, flowing_a: number | null, enabled: boolean): VNode {
  const t = texts(app);
  const f = app.format;
  const scale = scale_of(limit);
  const used = flowing_a === null ? null : Math.max(0, flowing_a);
  const limiters = [...(limit.limiters ?? [])].sort((a, b) => Number(b.limiting) - Number(a.limiting) || a.limit_a - b.limit_a);
  const acting = limiters.filter((l) => l.limiting).length;
  const percent = (value: number) => `${Math.min(100, (100 * value) / scale).toFixed(1)}%`;
  return card(title, id,
    h('p', { class: 'big' }, f.amps(limit.limit_a),
      enabled ? null : h('span', { class: 'tag bad' }, t.switched_off)),
    h('div', { class: `gauge ${id}`, 'aria-hidden': 'true' },
      h('div', { class: 'gauge-limit', style: { width: percent(limit.limit_a) } }),
      h('div', { class: 'gauge-used', style: { width: percent(used ?? 0) } })),
    h('p', { class: 'muted small' },
      used === null ? f.battery(null) : limit.limit_a > 0 ? t.used(f.percent((100 * used) / limit.limit_a)) : f.amps(used),
      ` · 0 – ${f.amps(scale)}`),
    h('dl', { class: 'reason' },
      h('dt', null, t.why), h('dd', null, reason(limit, f)),
      limit.remedy ? [h('dt', null, t.remedy), h('dd', null, remedy(limit, f))] : null),
    limiters.length === 0 ? null : h('details', null,
      h('summary', null, t.all_limiters(limiters.length, acting)),
      h('div', { class: 'scroll' }, h('table', { class: 'limiters' },
        h('caption', { class: 'hidden' }, title),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, t.limiter), h('th', { scope: 'col', class: 'num' }, t.allows), h('th', { scope: 'col' }, t.why))),
        h('tbody', null, limiters.map((l) => limiter_row(app, l)))))));
}

function soc_card(app: App, battery: Battery): VNode {
  const t = texts(app);
  const f = app.format;
  return card(t.soc, 'soc',
    h('p', { class: 'big' }, f.percent(battery.soc_pct, battery.soc_pct % 1 ? 1 : 0)),
    h('div', { class: 'gauge soc', 'aria-hidden': 'true' },
      h('div', { class: 'gauge-used', style: { width: `${Math.max(0, Math.min(100, battery.soc_pct))}%` } })),
    h('p', { class: 'now' }, f.battery(battery.current_a)),
    facts([
      [t.voltage, f.volts(battery.voltage_v)],
      [t.power, f.battery_watts(watts_of(battery))],
      [t.temperature, f.celsius(battery.temperature_c)],
      [t.health, f.percent(battery.soh_pct)],
      [t.allowed_voltage, `${f.volts(battery.discharge_voltage_v)} – ${f.volts(battery.charge_voltage_v)}`],
    ]));
}

function phase_card(app: App, battery: Battery): VNode {
  const t = texts(app);
  const shown = phases.includes(battery.phase) ? phases : [battery.phase, ...phases];
  return card(t.phase, 'phase',
    h('ol', { class: 'phases' }, shown.map((phase) => h('li', {
      key: phase,
      class: phase === battery.phase ? `current ${phase}` : '',
      'aria-current': phase === battery.phase ? 'step' : null,
    }, words(t.phases, phase)))),
    h('p', null, t.phase_help[battery.phase] ?? ''));
}

function site_card(app: App, snapshot: Snapshot): Child {
  const t = texts(app);
  const site = snapshot.site;
  if (!site || site.mode === 'off') return null;
  return card(t.site, 'site',
    h('p', null, t.modes[site.mode] ?? site.mode),
    typeof site.transfer_wh === 'number' ? facts([[t.transferred, app.format.unit(site.transfer_wh, 'Wh')]]) : null);
}

function energy_card(app: App, today: Maybe<EnergyDay>, total: Maybe<EnergyDay>): Child {
  const t = texts(app);
  const f = app.format;
  const rows: [string, keyof EnergyDay & `${string}_kwh`][] = [
    [t.charged, 'charged_kwh'], [t.discharged, 'discharged_kwh'], [t.imported, 'imported_kwh'],
    [t.exported, 'exported_kwh'], [t.transferred_short, 'transferred_kwh'],
  ];
  const known = rows.filter(([, key]) => typeof today?.[key] === 'number' || typeof total?.[key] === 'number');
  if (known.length === 0) return null;
  return card(t.energy, 'energy', h('table', null,
    h('caption', { class: 'hidden' }, t.energy),
    h('thead', null, h('tr', null, h('td', null), h('th', { scope: 'col', class: 'num' }, t.today), h('th', { scope: 'col', class: 'num' }, t.total))),
    h('tbody', null, known.map(([name, key]) => h('tr', { key },
      h('th', { scope: 'row' }, name), h('td', { class: 'num' }, f.kwh(today?.[key])), h('td', { class: 'num' }, f.kwh(total?.[key])))))));
}

function alarm_card(app: App, snapshot: Snapshot): Child {
  const t = texts(app);
  const battery = snapshot.battery;
  if (!battery) return null;
  const names = [...new Set([...(battery.protections ?? []), ...(battery.alarms ?? [])])];
  return card(t.alarms_sent, 'alarm-card', names.length === 0
    ? h('p', { class: 'good' }, h('span', { 'aria-hidden': 'true' }, '✓ '), t.no_alarms)
    : h('ul', { class: 'plain' }, names.map((name) => h('li', { class: battery.protections?.includes(name) ? 'bad' : 'warn' },
      battery.protections?.includes(name) ? t.alarm.protection(words(t.flags, name)) : t.alarm.warning(words(t.flags, name))))));
}

function waiting(app: App, snapshot: Snapshot): VNode {
  const t = texts(app);
  const links = [...(snapshot.packs ?? []).map((p) => ({ name: p.name, link: p.link })),
    { name: 'CAN', link: snapshot.can?.link }].filter((l) => l.link);
  return card(t.waiting_title, 'waiting',
    h('p', null, t.waiting_battery),
    h('ul', null, links.map(({ name, link }) =>
      h('li', null, t.waiting_link(name, link!.detail || words(t.states, link!.state))))));
}

const energy_every_ms = 5 * 60 * 1000;

export function make_live(app: App): Page {
  let today: Maybe<EnergyDay> = null;
  let total: Maybe<EnergyDay> = null;
  let timer: number | undefined;

  // Without a history there is no such card.
  async function load_energy(): Promise<void> {
    clearTimeout(timer);
    timer = window.setTimeout(() => void load_energy(), energy_every_ms);
    try {
      const energy = await api.energy(1);
      today = energy.days[energy.days.length - 1];
      total = energy.total;
      app.redraw();
    } catch {
      today = total = null;
    }
  }

  return {
    enter() {
      void load_energy();
    },
    leave() {
      clearTimeout(timer);
    },
    view() {
      const t = texts(app);
      const snapshot = app.snapshot;
      if (!snapshot) return notice(app.connection === 'lost' ? t.no_answer : t.loading);
      const battery = snapshot.battery;
      const flow = card(t.flow.title, 'flow', flow_picture(snapshot, app.format),
        snapshot.site?.grid ? h('p', { class: 'muted small' }, t.flow.house_note) : null);
      if (!battery) return h('div', { class: 'grid' }, waiting(app, snapshot), flow);
      return h('div', { class: 'grid', key: 'live' },
        h('div', { class: 'stack' }, flow, soc_card(app, battery)),
        h('div', { class: 'stack' },
          limit_card(app, 'charge', t.charge_limit, battery.charge, battery.current_a ?? null, battery.charge_enable),
          limit_card(app, 'discharge', t.discharge_limit, battery.discharge, typeof battery.current_a === 'number' ? -battery.current_a : null, battery.discharge_enable)),
        h('div', { class: 'stack' },
          phase_card(app, battery), alarm_card(app, snapshot), site_card(app, snapshot), energy_card(app, today, snapshot.energy ?? total)));
    },
  };
}
