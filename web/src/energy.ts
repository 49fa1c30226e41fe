// SPDX-License-Identifier: MIT
// Energy per day as bars: into the battery and out of it, and from and to the grid where a meter is known.
import type { EnergyDay, EnergyDays, Maybe } from './api';
import { h, type VNode } from './dom';
import { dash, type Format } from './format';

type Key = 'charged_kwh' | 'discharged_kwh' | 'imported_kwh' | 'exported_kwh';
const keys: Key[] = ['charged_kwh', 'discharged_kwh', 'imported_kwh', 'exported_kwh'];
const classes: Record<Key, string> = {
  charged_kwh: 'to-battery', discharged_kwh: 'from-battery', imported_kwh: 'from-grid', exported_kwh: 'to-grid',
};

const known = (value: Maybe<number>): value is number => typeof value === 'number';

function nice(top: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(top, 0.1)));
  return [1, 2, 5, 10].map((n) => n * power).find((n) => n >= top) ?? top;
}

function day_name(day: EnergyDay, f: Format): string {
  const date = Date.parse(`${day.day}T12:00:00`) / 1000;
  return Number.isFinite(date) ? f.date(date, { day: 'numeric', month: 'short' }) : (day.day ?? dash);
}

function name_of(key: Key, f: Format): string {
  const t = f.texts;
  return { charged_kwh: t.charged, discharged_kwh: t.discharged, imported_kwh: t.imported, exported_kwh: t.exported }[key];
}

export function energy_picture(energy: EnergyDays, f: Format): VNode {
  const days = energy.days;
  const used = keys.filter((key) => days.some((day) => known(day[key])));
  const top = nice(Math.max(0.1, ...days.flatMap((day) => used.map((key) => day[key] ?? 0))));
  const step = 100 / days.length;
  const bar = (step * 0.8) / Math.max(1, used.length);
  const bars = days.flatMap((day, i) => used.map((key, k) => {
    const value = day[key];
    if (!known(value)) return null;
    const size = (100 * value) / top;
    return h('rect', {
      x: (i * step + step * 0.1 + k * bar).toFixed(3), width: (bar * 0.92).toFixed(3),
      y: (100 - size).toFixed(2), height: size.toFixed(2), class: classes[key],
    });
  }));
  const total = energy.total;
  const text = used.map((key) => `${name_of(key, f)} ${f.kwh(days.reduce((sum, day) => sum + (day[key] ?? 0), 0))}`).join(', ');
  const labels = [0, Math.floor((days.length - 1) / 2), days.length - 1].filter((v, i, all) => all.indexOf(v) === i);
  return h('div', { class: 'energy-days' },
    h('ul', { class: 'legend plain' }, used.map((key) => h('li', { key },
      h('span', { class: `block ${classes[key]}`, 'aria-hidden': 'true' }), name_of(key, f),
      total && known(total[key]) ? [' ', h('b', null, f.kwh(total[key]))] : null))),
    h('div', { class: 'energy-box' },
      h('span', { class: 'energy-top muted small' }, f.kwh(top)),
      h('svg', { viewBox: '0 0 100 100', preserveAspectRatio: 'none', role: 'img', 'aria-label': `${f.texts.history.energy}: ${text}`, class: 'energy-bars' },
        [25, 50, 75].map((y) => h('line', { x1: 0, x2: 100, y1: y, y2: y, class: 'energy-line' })), bars),
      h('div', { class: 'energy-labels muted small', 'aria-hidden': 'true' }, labels.map((i) => h('span', null, day_name(days[i]!, f))))),
    h('details', null,
      h('summary', null, f.texts.history.table),
      h('div', { class: 'scroll' }, h('table', null,
        h('caption', { class: 'hidden' }, f.texts.history.energy),
        h('thead', null, h('tr', null, h('th', { scope: 'col' }, f.texts.history.day), used.map((key) => h('th', { scope: 'col', class: 'num' }, name_of(key, f))))),
        h('tbody', null, [...days].reverse().map((day) => h('tr', { key: day.day },
          h('th', { scope: 'row' }, day_name(day, f)), used.map((key) => h('td', { class: 'num' }, f.kwh(day[key]))))))))));
}
