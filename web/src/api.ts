// SPDX-License-Identifier: MIT
// The daemon's HTTP interface as types, and the requests. Anything may be missing: before the first reading,
// without a meter, or when the daemon is older than this page. Charge is positive, export is positive.

import { token } from './token';

export type Maybe<T> = T | null | undefined;

export interface Limiter {
  limit_a: number;
  limiting: boolean;
  rule: string;
  pack?: Maybe<string>;
  share_pct?: number;
  reason: string;
  remedy?: string;
  age_s?: number;
}

export interface Limit extends Limiter {
  limiters?: Limiter[];
}

export interface CellAt {
  mv: number;
  pack: string;
  number: number;
}

export interface Battery {
  phase: string;
  voltage_v: number;
  current_a: Maybe<number>; // null once the data are too old
  temperature_c: number;
  soc_pct: number;
  soh_pct: number;
  charge_voltage_v: number;
  discharge_voltage_v: number;
  charge: Limit;
  discharge: Limit;
  charge_enable: boolean;
  discharge_enable: boolean;
  protections?: string[];
  alarms?: string[];
  highest_cell?: Maybe<CellAt>;
  lowest_cell?: Maybe<CellAt>;
  data: string;
  age_s: number;
}

export interface Grid {
  state: string;
  power_w: Maybe<number>;
  age_s: Maybe<number>;
}

export interface Peer {
  state: string;
  source: Maybe<string>;
  current_a: Maybe<number>;
  power_w: Maybe<number>;
  age_s: Maybe<number>;
  source_ages_s?: Record<string, number>;
}

export interface Site {
  mode: string;
  grid: Maybe<Grid>;
  peer: Maybe<Peer>;
  refused?: number;
  transfer_wh?: number;
  moved_wh?: number;
  watchful?: boolean;
  response_s?: number;
  oscillation?: boolean;
  swing?: Maybe<{ period_s: number; swing_w: number; half_waves: number; peak_a: number; ours: boolean }>;
}

export interface Link {
  name: string;
  state: string; // one word for people
  good?: Maybe<boolean>; // null: switched off
  detail?: string;
  counters?: Record<string, number>;
}

export interface Reading {
  cells_mv: number[];
  voltage_v: number;
  current_a: number;
  soc_pct: number;
  temperatures_c?: Record<string, number>;
  alarms?: string[];
  charge_mos?: boolean;
  discharge_mos?: boolean;
  balancing?: boolean;
  firmware?: string;
  wire_resistances_mohm?: Maybe<Maybe<number>[]>; // of each cell's wire, from a BMS that tells it
}

export interface Pack {
  name: string;
  age_s: Maybe<number>;
  rejected?: number;
  hard_stop_latched?: boolean;
  fault?: boolean;
  lockout?: boolean;
  recovering?: boolean;
  path_resistance_mohm?: Maybe<number>; // of one cell path, learned
  part?: Maybe<{
    charge_limit_a: Maybe<number>;
    charge_share_pct: number;
    discharge_limit_a: Maybe<number>;
    discharge_share_pct: number;
  }>;
  reading: Maybe<Reading>;
  link?: Maybe<Link>;
}

export interface EnergyDay {
  day?: string;
  charged_kwh?: Maybe<number>;
  discharged_kwh?: Maybe<number>;
  imported_kwh?: Maybe<number>;
  exported_kwh?: Maybe<number>;
  transferred_kwh?: Maybe<number>;
}

// One command there is, ordered or not.
export interface CommandState {
  command: string;
  allowed?: boolean;
  value?: Maybe<number | boolean>; // as it was sent; null: not ordered
  effective?: Maybe<number | boolean>;
  who?: Maybe<string>;
  since_s?: Maybe<number>;
  expires_s?: Maybe<number>;
}


export interface Snapshot {
  ok?: boolean;
  version?: string;
  time?: Maybe<number>;
  uptime_s?: number;
  transmitting?: boolean;
  battery?: Maybe<Battery>;
  site?: Maybe<Site>;
  packs?: Pack[];
  sources?: Link[];
  outlets?: Link[];
  can?: Maybe<{
    link?: Maybe<Link>;
    mode?: string;
    bursts?: number;
    last_burst_age_s?: Maybe<number>;
    inverter_age_s?: Maybe<number>;
  }>;
  commands?: Maybe<CommandState[]>;
  writable?: boolean; // false: no token is configured, so nothing can be written over HTTP
  energy?: Maybe<EnergyDay>; // since the counters began
}

export type SeverityName = 'info' | 'warning' | 'error';

export interface EventRecord {
  id: number;
  time: Maybe<number>;
  uptime_s?: number;
  code: string;
  severity: SeverityName;
  pack?: Maybe<string>;
  text: string;
}

export interface EventPage {
  events: EventRecord[];
  more: boolean;
}

export interface History {
  from: number;
  to: number;
  step_s: number;
  time: number[];
  series: Record<string, Maybe<number>[]>;
}

export interface EnergyDays {
  days: EnergyDay[];
  total?: EnergyDay;
}

export interface SettingsKey {
  key: string;
  value: unknown;
  default?: unknown;
  unit?: string;
  help?: string;
}

export interface Settings {
  keys: SettingsKey[];
  file?: string;
}

export interface CommandAnswer {
  ok: boolean;
  command?: string;
  effective?: Maybe<number | boolean>;
  reason?: string;
  expires_s?: Maybe<number>;
  error?: string;
}

// A refused or failed request; `status` is 0 when nobody answered.
export class RequestError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

export function address(path: string, query: Record<string, string | number | undefined> = {}): string {
  const url = new URL(path, document.baseURI);
  url.hash = '';
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}

async function ask(url: string, options: RequestInit = {}): Promise<Response> {
  const headers = new Headers(options.headers);
  if (token()) headers.set('Authorization', `Bearer ${token()}`);
  let answer: Response;
  try {
    answer = await fetch(url, { cache: 'no-store', credentials: 'same-origin', ...options, headers });
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e;
    throw new RequestError(0, '');
  }
  if (answer.ok) return answer;
  const body = (await answer.json().catch(() => null)) as { error?: string } | null;
  throw new RequestError(answer.status, body?.error ?? `HTTP ${answer.status}`);
}

async function json<T>(url: string, options: RequestInit = {}): Promise<T> {
  const answer = await ask(url, options);
  const body = (await answer.json().catch(() => null)) as T | null;
  if (body === null) throw new RequestError(answer.status, 'this is no JSON');
  return body;
}

// The body of the stream of events.
export async function live(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const answer = await ask(address('api/v1/live'), { signal });
  if (!answer.body) throw new RequestError(answer.status, 'this is no stream');
  return answer.body;
}

export const snapshot = (signal?: AbortSignal) => json<Snapshot>(address('api/v1/snapshot'), { signal });

export const events = (lang: string, before?: number, limit = 100) =>
  json<EventPage>(address('api/v1/events', { before, limit, lang }));

export const history = (from: number, to: number, points: number, series: readonly string[], signal?: AbortSignal) =>
  json<History>(address('api/v1/history', { from, to, points, series: series.join(',') }), { signal });

export const history_csv = (from: number, to: number, points: number, series: readonly string[]) =>
  address('api/v1/history.csv', { from, to, points, series: series.join(',') });

export const energy = (days: number) => json<EnergyDays>(address('api/v1/energy', { days }));

export const settings = () => json<Settings>(address('api/v1/settings'));

export function command(body: { command: string; value: number | boolean | null; expires_s?: number }): Promise<CommandAnswer> {
  return json<CommandAnswer>(address('api/v1/commands'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

// For a file that a plain link cannot fetch, because a token is wanted.
export const blob = async (url: string) => (await ask(url)).blob();
