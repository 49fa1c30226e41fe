// SPDX-License-Identifier: MIT
// Every cell of every pack: which one stands out, and by how much.
import type { Pack, Reading } from '../api';
import { age_now, card, facts, notice, texts, type App, type Page } from '../app';
import { h, type Child, type VNode } from '../dom';
import { dash, words } from '../format';

export interface CellFigures {
  minimum: number;
  maximum: number;
  mean: number;
  lowest: number; // index
  highest: number;
  worst: number; // the largest distance from the mean
}

export function figures_of(cells: number[]): CellFigures | null {
  if (cells.length === 0) return null;
  const minimum = Math.min(...cells);
  const maximum = Math.max(...cells);
  const mean = cells.reduce((sum, mv) => sum + mv, 0) / cells.length;
  const distances = cells.map((mv) => Math.abs(mv - mean));
  return {
    minimum, maximum, mean,
    lowest: cells.indexOf(minimum),
    highest: cells.indexOf(maximum),
    worst: distances.indexOf(Math.max(...distances)),
  };
}

const noticeable_mv = 5;

// Where bars begin and end: around the cells, at least 40 mV wide so that noise does not look like trouble.
export function scale_of(figures: CellFigures): [number, number] {
  const from = Math.floor((figures.minimum - 5) / 10) * 10;
  return [from, Math.max(from + 40, Math.ceil((figures.maximum + 5) / 10) * 10)];
}

function bars(app: App, pack: Pack, reading: Reading, figures: CellFigures): VNode {
  const t = texts(app).cells;
  const f = app.format;
  const [from, to] = scale_of(figures);
  const at = (mv: number) => `${((100 * (mv - from)) / (to - from)).toFixed(1)}%`;
  const wires = reading.wire_resistances_mohm?.some((w) => typeof w === 'number') ? reading.wire_resistances_mohm : null;
  const stands_out = figures.maximum - figures.minimum > noticeable_mv;
  const row = (mv: number, i: number) => {
    const kind = !stands_out ? '' : i === figures.highest ? 'highest' : i === figures.lowest ? 'lowest' : '';
    const tags = [kind && (kind === 'highest' ? t.highest : t.lowest), stands_out && i === figures.worst && t.worst].filter(Boolean);
    return h('tr', { key: i, class: kind },
      h('th', { scope: 'row' }, i + 1),
      h('td', { class: 'num' }, f.cell(mv)),
      h('td', { class: 'bar-cell' },
        h('div', { class: 'bar-row' },
          h('div', { class: 'bar', 'aria-hidden': 'true' },
            h('div', { class: 'bar-fill', style: { width: at(mv) } }),
            h('div', { class: 'bar-mean', style: { left: at(figures.mean) } })),
          h('span', { class: 'bar-text' }, f.unit(mv - figures.mean, 'mV', 0, true), tags.length ? ` · ${tags.join(', ')}` : ''))),
      wires ? h('td', { class: 'num' }, f.unit(wires[i], 'mΩ', 0)) : null);
  };
  return h('table', { class: 'cells' },
    h('caption', null, t.caption(pack.name), h('span', { class: 'muted small' }, ` · ${t.scale(f.cell(from), f.cell(to))}`)),
    h('thead', null, h('tr', null,
      h('th', { scope: 'col' }, t.cell), h('th', { scope: 'col', class: 'num' }, t.voltage), h('th', { scope: 'col' }, t.deviation),
      wires ? h('th', { scope: 'col', class: 'num' }, t.wire) : null)),
    h('tbody', null, reading.cells_mv.map(row)));
}

function switches(app: App, reading: Reading): string {
  const t = texts(app);
  const state = (on: boolean | undefined) => (on === undefined ? t.unknown : on ? t.on : t.off);
  return `${t.cells.charge_switch} ${state(reading.charge_mos)}, ${t.cells.discharge_switch} ${state(reading.discharge_mos)}`;
}

function tiles(app: App, reading: Reading, figures: CellFigures): VNode {
  const t = texts(app).cells;
  const f = app.format;
  const tile = (name: string, value: string, note?: string) =>
    h('div', null, h('dt', null, name), h('dd', null, value, note ? h('small', null, note) : null));
  return h('dl', { class: 'tiles' },
    tile(t.maximum, f.cell(figures.maximum), `${t.cell} ${figures.highest + 1}`),
    tile(t.minimum, f.cell(figures.minimum), `${t.cell} ${figures.lowest + 1}`),
    tile(t.difference, f.unit(figures.maximum - figures.minimum, 'mV'), `${t.mean} ${f.cell(figures.mean)}`),
    tile(t.balancing, reading.balancing === undefined ? dash : reading.balancing ? t.balancing_on : t.balancing_off));
}

function pack_card(app: App, pack: Pack, i: number): VNode {
  const t = texts(app);
  const f = app.format;
  const reading = pack.reading;
  const id = `pack-${i}`;
  if (!reading) return card(pack.name, id, notice(t.cells.no_reading));
  const figures = figures_of(reading.cells_mv);
  const age = age_now(app, pack.age_s) ?? 0;
  const rows: [string, Child][] = [
    [t.voltage, f.volts(reading.voltage_v)],
    [t.current, f.battery(reading.current_a)],
    [t.soc, f.percent(reading.soc_pct)],
  ];
  for (const [probe, celsius] of Object.entries(reading.temperatures_c ?? {})) {
    rows.push([`${t.temperature}, ${words(t.probes, probe)}`, f.celsius(celsius)]);
  }
  rows.push([t.cells.switches, switches(app, reading)]);
  if (typeof pack.path_resistance_mohm === 'number') rows.push([t.cells.path, f.unit(pack.path_resistance_mohm, 'mΩ', 2)]);
  if (pack.part && pack.part.charge_share_pct < 100) rows.push([t.cells.share, f.percent(pack.part.charge_share_pct)]);
  if (reading.firmware) rows.push([t.cells.firmware, reading.firmware]);
  const verdict = !figures ? null
    : figures.maximum - figures.minimum <= noticeable_mv ? t.cells.all_equal
      : t.cells.worst_is(figures.worst + 1, f.unit(reading.cells_mv[figures.worst]! - figures.mean, 'mV', 0, true));
  return card(pack.name, id,
    h('p', { class: age > 5 ? 'warn' : 'muted' }, t.age(f.age(age))),
    verdict ? h('p', null, verdict) : null,
    figures ? [tiles(app, reading, figures), bars(app, pack, reading, figures)] : null,
    facts(rows));
}

export function make_cells(app: App): Page {
  return {
    view() {
      const t = texts(app);
      if (!app.snapshot) return notice(app.connection === 'lost' ? t.no_answer : t.loading);
      const packs = app.snapshot.packs ?? [];
      if (packs.length === 0) return notice(t.cells.no_packs);
      return h('div', { class: 'grid packs' }, packs.map((pack, i) => pack_card(app, pack, i)));
    },
  };
}
