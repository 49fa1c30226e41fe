// SPDX-License-Identifier: MIT
// Everything in a snapshot that a person should know, the worst first.
import type { Link, Pack, SeverityName, Snapshot } from './api';
import { words, type Format } from './format';

export interface Alarm {
  severity: SeverityName;
  text: string;
}

// The daemon says it: the same word may be good for one kind of link and bad for another.
export function link_mark(link: Link): 'good' | 'error' | '' {
  if (link.good === true) return 'good';
  return link.good === false ? 'error' : '';
}

function of_pack(pack: Pack, format: Format): Alarm[] {
  const t = format.texts;
  const alarm = (severity: SeverityName, what: string): Alarm => ({ severity, text: t.alarm.of_pack(pack.name, what) });
  const found: Alarm[] = [];
  if (pack.fault) found.push(alarm('error', t.alarm.fault));
  if (pack.lockout) found.push(alarm('error', t.alarm.lockout));
  if (pack.hard_stop_latched) found.push(alarm('error', t.alarm.hard_stop));
  if (pack.recovering) found.push(alarm('warning', t.alarm.recovering));
  for (const code of pack.reading?.alarms ?? []) found.push(alarm('warning', t.alarm.bms(words(t.pack_alarms, code))));
  if (pack.link && pack.link.good === false) {
    found.push(alarm('error', pack.link.detail || words(t.states, pack.link.state)));
  } else if (!pack.reading) {
    found.push(alarm('warning', t.alarm.no_reading));
  }
  return found;
}

function of_bus(snapshot: Snapshot, format: Format): Alarm[] {
  const t = format.texts;
  const can = snapshot.can;
  if (!can) return [];
  const found: Alarm[] = [];
  if (can.link && can.link.good === false) {
    found.push({ severity: 'error', text: t.alarm.link(can.link.name, can.link.detail || words(t.states, can.link.state)) });
  }
  if (can.mode && can.mode !== 'normal') {
    found.push({ severity: can.mode === 'muted' ? 'info' : 'error', text: `CAN: ${words(t.can_modes, can.mode)}` });
  }
  const age = can.inverter_age_s;
  if (age === null) found.push({ severity: 'warning', text: t.alarm.inverter_never });
  else if (age !== undefined && age > 10) found.push({ severity: 'error', text: t.alarm.inverter_silent });
  return found;
}

export function alarms_of(snapshot: Snapshot, format: Format): Alarm[] {
  const t = format.texts;
  const found: Alarm[] = [];
  const battery = snapshot.battery;
  if (battery) {
    const protections = battery.protections ?? [];
    for (const code of protections) found.push({ severity: 'error', text: t.alarm.protection(words(t.flags, code)) });
    for (const code of battery.alarms ?? []) {
      if (!protections.includes(code)) found.push({ severity: 'warning', text: t.alarm.warning(words(t.flags, code)) });
    }
    if (battery.data !== 'fresh') {
      found.push({ severity: battery.data === 'falling' ? 'warning' : 'error', text: t.alarm.data(words(t.stages, battery.data)) });
    }
  }
  for (const pack of snapshot.packs ?? []) found.push(...of_pack(pack, format));
  found.push(...of_bus(snapshot, format));
  const site = snapshot.site;
  if (site?.oscillation) found.push({ severity: 'error', text: t.alarm.oscillation });
  if (site?.mode === 'peer_contradicts') found.push({ severity: 'warning', text: t.alarm.contradiction });
  if (site?.grid?.state === 'unknown') found.push({ severity: 'warning', text: t.alarm.meter_unknown });
  if (site?.peer?.state === 'unknown') found.push({ severity: 'warning', text: t.alarm.peer_unknown });
  const rank: Record<SeverityName, number> = { error: 0, warning: 1, info: 2 };
  return found.sort((a, b) => rank[a.severity] - rank[b.severity]);
}
