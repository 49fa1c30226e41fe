// SPDX-License-Identifier: MIT
// The commands that the configuration allows. The token is typed by a person and never leaves this tab, except
// in the request itself.
import * as api from '../api';
import type { CommandAnswer, CommandState, Maybe } from '../api';
import { card, notice, silence, texts, type App, type Page } from '../app';
import { h, type Child, type VNode } from '../dom';
import { keep_token, token } from '../token';

const kinds = ['max_charge_a', 'max_discharge_a', 'pause', 'force_charge', 'full_charge', 'float_hold'] as const;
type Kind = (typeof kinds)[number];
const amperes = new Set<Kind>(['max_charge_a', 'max_discharge_a']);
const asking = new Set<Kind>(['force_charge', 'full_charge', 'float_hold']); // end 60 s after they were last sent
const again_ms = 20000;
const expiries = [0, 15 * 60, 3600, 4 * 3600, 12 * 3600, 24 * 3600]; // 0: until changed

function state_in(list: Maybe<CommandState[]>, kind: Kind): CommandState | undefined {
  return Array.isArray(list) ? list.find((entry) => entry.command === kind) : undefined;
}

interface Form {
  value: string;
  expires_s: number;
  busy: boolean;
  answer: Child;
  good: boolean;
  keep?: number; // the timer that sends again
}

export function make_commands(app: App): Page {
  let token_shown = false;
  const forms = new Map<Kind, Form>();

  function form_of(kind: Kind): Form {
    let form = forms.get(kind);
    if (!form) forms.set(kind, (form = { value: '', expires_s: 0, busy: false, answer: null, good: true }));
    return form;
  }

  function stop_keeping(form: Form): void {
    clearInterval(form.keep);
    form.keep = undefined;
  }

  function told(kind: Kind, value: Maybe<number | boolean>): string {
    const t = texts(app);
    if (value === null || value === undefined) return t.commands.not_in_force;
    if (amperes.has(kind)) return app.format.amps(Number(value));
    return Number(value) ? t.on : t.off;
  }

  function answer_words(kind: Kind, answer: CommandAnswer, released: boolean): Child {
    const t = texts(app).commands;
    const parts: Child[] = [released ? t.released : t.accepted(told(kind, answer.effective))];
    if (answer.reason) parts.push(' ', h('span', { lang: 'en' }, answer.reason));
    if (typeof answer.expires_s === 'number') parts.push(' ', `(${t.ends_in(app.format.duration(answer.expires_s))})`);
    return parts;
  }

  async function send(kind: Kind, value: number | boolean | null): Promise<void> {
    const t = texts(app).commands;
    const form = form_of(kind);
    if (!token()) {
      form.good = false;
      form.answer = t.no_token;
      app.redraw();
      document.getElementById('token')?.focus();
      return;
    }
    form.busy = true;
    form.answer = t.sending;
    app.redraw();
    try {
      const expires = value !== null && !asking.has(kind) && form.expires_s > 0 ? { expires_s: form.expires_s } : {};
      const answer = await api.command({ command: kind, value, ...expires });
      form.good = answer.ok;
      form.answer = answer.ok ? answer_words(kind, answer, value === null) : t.refused(answer.error ?? '');
    } catch (e) {
      form.good = false;
      stop_keeping(form);
      if (!(e instanceof api.RequestError) || e.status === 0) form.answer = texts(app).no_answer;
      else if (e.status === 401) form.answer = t.wrong_token;
      else form.answer = t.refused(e.message);
    }
    form.busy = false;
    app.redraw();
  }

  function submit(kind: Kind, event: Event): void {
    event.preventDefault();
    const form = form_of(kind);
    if (!amperes.has(kind)) {
      void send(kind, true);
      return;
    }
    const value = Number(form.value.replace(',', '.'));
    if (form.value.trim() === '' || !Number.isFinite(value) || value < 0 || value > 500) {
      form.good = false;
      form.answer = texts(app).commands.bad_value;
      app.redraw();
      return;
    }
    void send(kind, value);
  }

  function state_of(kind: Kind): Child {
    const t = texts(app).commands;
    const now = state_in(app.snapshot?.commands, kind);
    if (now?.value === null || now?.value === undefined) return h('p', { class: 'muted' }, `${t.in_force}: ${t.not_in_force}`);
    const left = typeof now.expires_s === 'number' ? Math.max(0, now.expires_s - silence(app)) : null;
    return h('p', null, `${t.in_force}: `, h('b', null, told(kind, now.effective ?? now.value)),
      now.who ? `, ${t.by(now.who)}` : '', left !== null ? `, ${t.ends_in(app.format.age(left))}` : '');
  }

  function command_card(kind: Kind): VNode {
    const t = texts(app).commands;
    const form = form_of(kind);
    const name = t.names[kind]!;
    return card(name, `command-${kind}`,
      h('p', null, t.help[kind]!),
      state_of(kind),
      h('form', { class: 'buttons', on: { submit: (event) => submit(kind, event) }, novalidate: true },
        amperes.has(kind) ? h('label', { class: 'field' }, h('span', null, t.value),
          h('input', {
            type: 'text', inputmode: 'decimal', size: 6, value: form.value, 'aria-describedby': `answer-${kind}`,
            on: { input: (e) => { form.value = (e.target as HTMLInputElement).value; } },
          })) : null,
        asking.has(kind) ? null : h('label', { class: 'field' }, h('span', null, t.expires),
          h('select', { value: String(form.expires_s), on: { change: (e) => { form.expires_s = Number((e.target as HTMLSelectElement).value); app.redraw(); } } },
            expiries.map((s) => h('option', { value: String(s), selected: s === form.expires_s, key: s },
              s === 0 ? t.until_changed : s < 3600 ? t.minutes(s / 60) : t.hours(s / 3600))))),
        h('button', { type: 'submit', class: 'primary', disabled: form.busy }, t.send),
        h('button', { type: 'button', disabled: form.busy, on: { click: () => { stop_keeping(form); void send(kind, null); } } }, t.release),
        asking.has(kind) ? h('label', { class: 'check' },
          h('input', {
            type: 'checkbox', checked: form.keep !== undefined,
            on: {
              change: (e) => {
                stop_keeping(form);
                if ((e.target as HTMLInputElement).checked) {
                  form.keep = window.setInterval(() => void send(kind, true), again_ms);
                  void send(kind, true);
                }
                app.redraw();
              },
            },
          }), t.keep) : null),
      h('p', { role: 'status', id: `answer-${kind}`, class: form.good ? 'answer good' : 'answer bad' }, form.answer));
  }

  function token_card(): VNode {
    const t = texts(app).commands;
    return card(t.token, 'token-card',
      h('p', { class: 'muted' }, t.needs_token),
      h('div', { class: 'buttons' },
        h('label', { class: 'field' }, h('span', null, t.token),
          h('input', {
            id: 'token', type: token_shown ? 'text' : 'password', autocomplete: 'off', spellcheck: 'false', size: 32, value: token(),
            on: { input: (e) => keep_token((e.target as HTMLInputElement).value) },
          })),
        h('button', { type: 'button', 'aria-pressed': String(token_shown), on: { click: () => { token_shown = !token_shown; app.redraw(); } } }, token_shown ? t.hide : t.show),
        h('button', { type: 'button', on: { click: () => { keep_token(''); app.redraw(); } } }, t.forget)));
  }

  return {
    leave() {
      for (const form of forms.values()) {
        stop_keeping(form);
        form.answer = null;
      }
    },
    view() {
      const t = texts(app).commands;
      if (!app.snapshot) return notice(app.connection === 'lost' ? texts(app).no_answer : texts(app).loading);
      const list = kinds.filter((kind) => state_in(app.snapshot?.commands, kind)?.allowed);
      if (list.length === 0) {
        return card(t.none, 'no-commands', h('p', null, t.intro), h('p', null, t.how),
          h('pre', null, `[commands]\nallow = [${kinds.map((kind) => `"${kind}"`).join(', ')}]`));
      }
      if (app.snapshot.writable === false) {
        return card(t.none, 'no-commands', h('p', null, t.read_only),
          h('pre', null, '[web]\nwrite_token_file = "/etc/jk-pylon/web-token"'));
      }
      return [h('p', null, t.intro), h('div', { class: 'grid' }, token_card(), list.map(command_card))];
    },
  };
}
