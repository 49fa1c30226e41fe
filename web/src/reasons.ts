// SPDX-License-Identifier: MIT
// Reasons and remedies come from the daemon in English sentences. For German they are put together again from
// their parts; a sentence that is not known here is shown in English and marked as such, never guessed.
import type { Limiter } from './api';
import { h, type Child } from './dom';
import { words, type Format } from './format';
import { en } from './texts_en';

type Rewrite = [RegExp, (m: string[], f: Format) => string];

const n = '(-?\\d+(?:\\.\\d+)?)';
const number = (text: string | undefined, f: Format) => {
  const digits = (text ?? '').split('.')[1]?.length ?? 0;
  return f.number(Number(text), digits);
};

// What was looked at, as in "cell 7 at 3.462 V".
const inputs: Rewrite[] = [
  [new RegExp(`^cell (\\d+) at ${n} V$`), (m, f) => `Zelle ${m[1]} bei ${number(m[2], f)} V`],
  [new RegExp(`^setting ${n} A$`), (m, f) => `eingestellt sind ${number(m[1], f)} A`],
  [new RegExp(`^its battery at ${n} A$`), (m, f) => `ihre Batterie bei ${number(m[1], f)} A`],
  [new RegExp(`^period ${n} s$`), (m, f) => `Periode ${number(m[1], f)} s`],
  [new RegExp(`^${n} %$`), (m, f) => `${number(m[1], f)} %`],
  [new RegExp(`^(mosfet|t[1-5]) at ${n} C$`), (m, f) => `${words(f.texts.probes, m[1])} bei ${number(m[2], f)} °C`],
];

const seconds = (text: string | undefined, f: Format) => `${number(text, f)} s`;

const remedies: Rewrite[] = [
  [/^max_(dis)?charge_a of \[\[pack\]\] (\S+) in the configuration$/, (m) => `max_${m[1] ?? ''}charge_a von [[pack]] ${m[2]} in der Konfiguration`],
  [/^max_(dis)?charge_a of \[bank\] in the configuration$/, (m) => `max_${m[1] ?? ''}charge_a von [bank] in der Konfiguration`],
  [/^a higher over-current setting in the JK app.*$/, () => 'eine höhere Überstromgrenze in der JK-App, wenn Zellen und Kabel es erlauben'],
  [/^the BMS switches (dis)?charge on again.*$/, (m) => `das BMS schaltet ${m[1] ? 'Entladen' : 'Laden'} wieder ein; seine Alarme und Schalter stehen in der JK-App`],
  [/^the BMS takes its alarm back.*$/, () => 'das BMS nimmt seinen Alarm zurück; die Ursache steht in der JK-App'],
  [new RegExp(`^every cell below ${n} V$`), (m, f) => `alle Zellen unter ${number(m[1], f)} V`],
  [new RegExp(`^every cell below ${n} V for ${n} s$`), (m, f) => `alle Zellen ${seconds(m[2], f)} lang unter ${number(m[1], f)} V`],
  [new RegExp(`^every cell below ${n} V for ${n} s, then \`jk-pylon ack\`.*$`), (m, f) => `alle Zellen ${seconds(m[2], f)} lang unter ${number(m[1], f)} V, dann nach einem Blick auf die Zellen jk-pylon ack`],
  [/^the cell recovers, then `jk-pylon ack`.*$/, () => 'die Zelle erholt sich, dann nach einem Blick auf die Zellen jk-pylon ack'],
  [/^find the cause, then `(jk-pylon recover --pack \S+)`$/, (m) => `die Ursache suchen, dann ${m[1]}`],
  [/^a slow charge until the cell has recovered; it ends (\d+) min after its release$/, (m) => `langsam laden, bis die Zelle sich erholt hat; das endet ${m[1]} min nach der Freigabe`],
  [new RegExp(`^no limit at ${n} % and (below|above)$`), (m, f) => `keine Grenze bei ${number(m[1], f)} % und ${m[2] === 'below' ? 'darunter' : 'darüber'}`],
  [new RegExp(`^the cell, without the voltage that the current adds, further below ${n} V$`), (m, f) => `die Zelle, ohne die Spannung, die der Strom hinzufügt, weiter unter ${number(m[1], f)} V`],
  [/^a valid reading of (\S+); see its cable.*$/, (m) => `gültige Messwerte von ${m[1]}; siehe sein Kabel und jk-pylon status`],
  [/^a valid value of this probe;.*$/, () => 'ein gültiger Wert dieses Fühlers; ihn prüfen oder aus temperature_sensors nehmen'],
  [/^another value or the end of the command (max_(?:dis)?charge_a); see `jk-pylon command`$/, (m) => `ein anderer Wert oder das Ende des Befehls ${m[1]}; siehe jk-pylon command`],
  [/^the end of the command pause;.*$/, () => 'das Ende des Befehls pause; siehe jk-pylon command'],
  [new RegExp(`^rises by at most ${n} A per second, ${n} s after the last change of a command$`), (m, f) => `steigt ${seconds(m[2], f)} nach der letzten Änderung eines Befehls um höchstens ${number(m[1], f)} A je Sekunde`],
  [/^a pack that answers$/, () => 'ein Pack, das antwortet'],
  [/^more of a single pack; see the limits of each$/, () => 'mehr von einem einzelnen Pack; siehe die Grenzen jedes einzelnen'],
  [/^the inverter is heard again \(0x305\);.*$/, () => 'der Wechselrichter ist wieder zu hören (0x305); CAN-Kabel und Wechselrichter prüfen'],
  [new RegExp(`^the second battery (dis)?charges with less than ${n} A for ${n} s(?:, or more than ${n} W are left over at the meter beyond what it gives)?$`),
    (m, f) => `die zweite Batterie ${m[1] ? 'entlädt' : 'lädt'} ${seconds(m[3], f)} lang mit weniger als ${number(m[2], f)} A` +
      (m[4] ? `, oder am Zähler bleiben mehr als ${number(m[4], f)} W übrig, die nicht von ihr kommen` : '')],
  [/^a value of the second battery;.*$/, () => 'ein Wert der zweiten Batterie; siehe ihren Wechselrichter, das Netzwerk und jk-pylon status'],
  [/^the power at the meter is calm for (\d+) periods; then a half more each time$/, (m) => `die Leistung am Zähler ist ${m[1]} Perioden lang ruhig; dann jedes Mal die Hälfte mehr`],
  [new RegExp(`^rises by ${n} A per second, by ${n} A with more than ${n} W at the meter, each time.*$`), (m, f) => `steigt um ${number(m[1], f)} A je Sekunde, bei mehr als ${number(m[3], f)} W am Zähler um ${number(m[2], f)} A, jeweils nachdem die Antwort auf den Schritt davor zu sehen war`],
  [new RegExp(`^(\\d+) valid readings of every pack(?:, in ${n} s at the earliest)?$`), (m, f) => `${m[1]} gültige Messungen jedes Packs` + (m[2] ? `, frühestens in ${seconds(m[2], f)}` : '')],
  [new RegExp(`^rises to ${n} A if nothing changes$`), (m, f) => `steigt auf ${number(m[1], f)} A, wenn sich nichts ändert`],
  [new RegExp(`^rises to ${n} A in ${n} s at the earliest$`), (m, f) => `steigt frühestens in ${seconds(m[2], f)} auf ${number(m[1], f)} A`],
  [new RegExp(`^at least ${n} % of the maximum more, allowed for ${n} s; now ${n} A are allowed$`), (m, f) => `mindestens ${number(m[1], f)} % des Maximums mehr, ${seconds(m[2], f)} lang erlaubt; jetzt sind ${number(m[3], f)} A erlaubt`],
  [new RegExp(`^${n} A would have to be allowed, the least the inverter can hold; now it would be ${n} A$`), (m, f) => `es müssten ${number(m[1], f)} A erlaubt sein, das Wenigste, was der Wechselrichter halten kann; jetzt wären es ${number(m[2], f)} A`],
];

// "more than 0 A once the cell is below 3.5 V; no limit once it is below 3.38 V"
const border = new RegExp(`^(more than 0 A|no limit) once (?:the cell|it) is (below|at or above) ${n} (V|C|%)$`);

function one_border(part: string, f: Format): string | null {
  const m = border.exec(part);
  if (!m) return null;
  const unit = m[4] === 'C' ? '°C' : m[4];
  return `${m[1] === 'no limit' ? 'keine Grenze' : 'mehr als 0 A'} ${m[2] === 'below' ? 'unter' : 'ab'} ${number(m[3], f)} ${unit}`;
}

// "15 min after its last reduction and with the highest cell below 3.350 V and with the SOC above 12.5 %"
const rise_parts: Rewrite[] = [
  [/^(\d+) min after its last reduction$/, (m) => `${m[1]} min nach der letzten Senkung`],
  [new RegExp(`^with the highest cell below ${n} V$`), (m, f) => `wenn die höchste Zelle unter ${number(m[1], f)} V ist`],
  [new RegExp(`^with the SOC above ${n} %$`), (m, f) => `wenn der Ladezustand über ${number(m[1], f)} % ist`],
];

function rewrite(list: Rewrite[], text: string, f: Format): string | null {
  for (const [pattern, words_of] of list) {
    const match = pattern.exec(text);
    if (match) return words_of(match, f);
  }
  return null;
}

// "the second battery charges ...: its battery at 76.0 A (garage, which takes 60 % of the current), 1.2 s old"
function german_reason(limiter: Limiter, f: Format): string | null {
  let rest = limiter.reason;
  let tail = '';
  const old = new RegExp(`, ${n} s old$`).exec(rest);
  if (old) {
    rest = rest.slice(0, old.index);
    tail = `, ${seconds(old[1], f)} alt`;
  }
  if (limiter.pack) {
    const place = rest.lastIndexOf(` (${limiter.pack}`);
    if (place > 0) {
      const share = /which takes (\d+) %/.exec(rest.slice(place));
      tail = ` (${limiter.pack}${share ? `, das ${share[1]} % des Stroms nimmt` : ''})` + tail;
      rest = rest.slice(0, place);
    }
  }
  const rule = f.texts.rules[limiter.rule];
  const english = limiter.rule === 'hard_stop' ? 'hard stop' : en.rules[limiter.rule];
  if (!rule || !english) return null;
  if (rest === english) return rule + tail;
  if (!rest.startsWith(`${english}: `)) return null;
  const input = rest.slice(english.length + 2);
  const alarm = Object.keys(f.texts.pack_alarms).find((code) => english_alarm(code) === input);
  const german = alarm ? f.texts.pack_alarms[alarm]! : rewrite(inputs, input, f);
  return german === null ? null : `${rule}: ${german}${tail}`;
}

const english_alarm = (code: string) => en.pack_alarms[code];

function german_remedy(text: string, f: Format): string | null {
  const parts = text.split('; ').map((part) => one_border(part, f));
  if (parts.every((part) => part !== null)) return parts.join('; ');
  const rise = text.split(' and ').map((part) => rewrite(rise_parts, part, f));
  if (rise.every((part) => part !== null)) return rise.join(' und ');
  return rewrite(remedies, text, f);
}

const sentence = (text: string) => (text ? text[0]!.toUpperCase() + text.slice(1) : text);

function shown(english: string, german: string | null, f: Format): Child {
  if (f.language === 'en') return sentence(english);
  return german === null ? h('span', { lang: 'en' }, sentence(english)) : sentence(german);
}

export function reason(limiter: Limiter, f: Format): Child {
  return shown(limiter.reason, f.language === 'de' ? german_reason(limiter, f) : null, f);
}

export function remedy(limiter: Limiter, f: Format): Child {
  if (!limiter.remedy) return null;
  return shown(limiter.remedy, f.language === 'de' ? german_remedy(limiter.remedy, f) : null, f);
}
