// SPDX-License-Identifier: MIT
// Reasons and remedies in German: every sentence of the daemon has a German one, with its numbers.
import { expect, same, test } from './harness.mjs';

const remedies = [
  'max_charge_a of [[pack]] garage in the configuration',
  'max_discharge_a of [bank] in the configuration',
  'a higher over-current setting in the JK app, if cells and cables allow it',
  'more than 0 A once the cell is below 3.500 V; no limit once it is below 3.381 V',
  'no limit once the cell is at or above 3.000 V',
  'more than 0 A once it is at or above 2.5 C; no limit once it is at or above 12.5 C',
  'the BMS switches charge on again; see its alarms and switches in the JK app',
  'the BMS switches discharge on again; see its alarms and switches in the JK app',
  'the BMS takes its alarm back; see its cause in the JK app',
  'every cell below 3.490 V',
  'no limit at 92.5 % and below',
  'no limit at 12.5 % and above',
  'the cell, without the voltage that the current adds, further below 3.425 V',
  'every cell below 3.425 V for 60.5 s',
  'every cell below 3.425 V for 60.5 s, then `jk-pylon ack` after a look at the cells',
  'the cell recovers, then `jk-pylon ack` after a look at the cells',
  'find the cause, then `jk-pylon recover --pack garage`',
  'a slow charge until the cell has recovered; it ends 30 min after its release',
  '15 min after its last reduction and with the highest cell below 3.350 V',
  'with the SOC above 12.5 %',
  'a valid reading of garage; see its cable and `jk-pylon status`',
  'a valid value of this probe; check it, or take it out of temperature_sensors',
  'a pack that answers',
  'more of a single pack; see the limits of each',
  'the inverter is heard again (0x305); check the CAN cable and the inverter',
  'the second battery charges with less than 1.5 A for 20.5 s',
  'the second battery discharges with less than 0.6 A for 20.5 s, or more than 100 W are left over at the meter beyond what it gives',
  'a value of the second battery; see its inverter, the network and `jk-pylon status`',
  'the power at the meter is calm for 3 periods; then a half more each time',
  'rises by 2.5 A per second, by 6.5 A with more than 2000 W at the meter, each time the answer to the step before was seen',
  '3 valid readings of every pack, in 12.5 s at the earliest',
  'rises to 90.5 A if nothing changes',
  'rises to 90.5 A in 28.5 s at the earliest',
  'at least 2.5 % of the maximum more, allowed for 30.5 s; now 55.5 A are allowed',
  '1.5 A would have to be allowed, the least the inverter can hold; now it would be 0.5 A',
  'another value or the end of the command max_charge_a; see `jk-pylon command`',
  'the end of the command pause; see `jk-pylon command`',
  'rises by at most 2.5 A per second, 30.5 s after the last change of a command',
];

const reasons = [
  ['cell_high_curve', 'garage', 'curve of the highest cell: cell 3 at 3.430 V (garage, which takes 33 % of the current), 2.5 s old'],
  ['battery_temperature', 'garage', 'battery temperature: t1 at -3.5 C (garage)'],
  ['bms_alarm', 'garage', 'BMS alarm: cell over-voltage (garage)'],
  ['bms_over_current', null, 'share of the BMS over-current setting: setting 100.5 A'],
  ['soc_window', null, 'window of the state of charge: 92.5 %'],
  ['hard_stop', null, 'hard stop: cell 3 at 3.505 V'],
  ['critical_high', null, 'fault: critical high cell: cell 3 at 3.651 V'],
  ['peer_charging', null, 'the second battery charges, so this one does not discharge: its battery at 76.5 A, 1.5 s old'],
  ['oscillation', null, 'both inverters chase each other: period 12.5 s'],
  ['paused', null, 'paused by command'],
];

// Shows one sentence; gives it back as it is on the screen.
async function shown(v, change, place) {
  const mark = `${Math.random()}`;
  v.daemon.change = (s) => { change(s.battery.charge); s.version = mark; return s; };
  v.daemon.push();
  await v.sees(mark, 'footer');
  const field = v.page.locator('#charge ~ .reason dd').nth(place);
  return { text: (await field.innerText()).replace(/\u00a0/g, ' '), english: await field.locator('[lang=en]').count() };
}

function check(sentence, { text, english }) {
  same(english, 0, `"${sentence}" stayed English`);
  for (const [number] of sentence.replace(/0x305/g, '').matchAll(/\d+\.\d+/g)) {
    expect(text.includes(number.replace('.', ',')), `${number} of "${sentence}" is not in "${text}"`);
  }
  expect(!/ (the|of|and|is) /.test(text), `"${text}" is half English`);
}

test('every remedy is there in German', { look: { locale: 'de-DE' } }, async (v) => {
  await v.open();
  for (const remedy of remedies) check(remedy, await shown(v, (limit) => { limit.remedy = remedy; }, 1));
});

test('every kind of reason is there in German', { look: { locale: 'de-DE' } }, async (v) => {
  await v.open();
  for (const [rule, pack, reason] of reasons) {
    check(reason, await shown(v, (limit) => Object.assign(limit, { rule, pack, reason }), 0));
  }
});

test('a sentence nobody translated is shown in English and marked so', { look: { locale: 'de-DE' } }, async (v) => {
  await v.open();
  const got = await shown(v, (limit) => { limit.reason = 'curve of the highest cell: something new'; }, 0);
  same(got, { text: 'Curve of the highest cell: something new', english: 1 }, 'shown');
});
