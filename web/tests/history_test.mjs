// SPDX-License-Identifier: MIT
// History, events and settings.
import { expect, same, test } from './harness.mjs';

const histories = (v) => v.daemon.requests.filter((r) => r.includes('api/v1/history?'));
const span_of = (request) => {
  const query = new URL(request, 'http://x').searchParams;
  return Number(query.get('to')) - Number(query.get('from'));
};

// Resolves once the charts show what was asked for last.
async function asked(v, before) {
  await v.page.waitForFunction(() => !document.querySelector('.charts.loading'));
  const deadline = Date.now() + 15000;
  while (histories(v).length <= before) {
    expect(Date.now() < deadline, 'no history was asked for');
    await v.page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await v.page.waitForFunction(() => !document.querySelector('.charts.loading'));
  return histories(v).at(-1);
}

test('every range asks for its span and not more points than the screen shows', async (v) => {
  await v.open('history');
  await v.page.waitForSelector('canvas');
  for (const [name, seconds] of [['1h', 3600], ['6h', 21600], ['1w', 604800], ['1m', 2592000], ['1y', 31536000], ['2y', 63072000], ['1d', 86400]]) {
    const before = histories(v).length;
    await v.page.locator(`input[name=range][value="${name}"]`).check({ force: true });
    const request = await asked(v, before);
    expect(Math.abs(span_of(request) - seconds) <= 2, `${name} asked for ${span_of(request)} s`);
    expect(Number(new URL(request, 'http://x').searchParams.get('points')) <= 2000, 'too many points');
    expect(new URL(request, 'http://x').searchParams.get('series').split(',').length <= 24, 'too many series');
  }
});

test('dragging zooms, a double click goes back, buttons do the same', async (v) => {
  await v.open('history');
  await v.page.waitForSelector('canvas');
  const box = await v.page.locator('.u-over').first().boundingBox();
  let before = histories(v).length;
  same(before, 1, 'requests at first');
  await v.page.mouse.move(box.x + box.width * 0.25, box.y + 50);
  await v.page.mouse.down();
  await v.page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 5 });
  await v.page.mouse.up();
  expect(Math.abs(span_of(await asked(v, before)) - 86400 / 4) < 1200, `dragging asked for ${span_of(histories(v).at(-1))} s`);
  same(histories(v).length, 2, 'requests after one drag');
  before = histories(v).length;
  await v.page.locator('.u-over').first().dblclick();
  expect(Math.abs(span_of(await asked(v, before)) - 86400) < 5, `a double click asked for ${span_of(histories(v).at(-1))} s`);
  for (const [button, seconds] of [['Zoom in', 43200], ['Earlier', 43200], ['Later', 43200], ['Zoom out', 86400]]) {
    before = histories(v).length;
    await v.page.getByRole('button', { name: button, exact: true }).click();
    expect(Math.abs(span_of(await asked(v, before)) - seconds) < 5, `${button} asked for ${span_of(histories(v).at(-1))} s`);
  }
});

test('charts have words, a legend of switches, limits and events', async (v) => {
  await v.open('history');
  await v.page.waitForSelector('canvas');
  same(await v.page.locator('canvas').count(), 6, 'charts');
  await v.page.waitForFunction(() => document.querySelectorAll('.plot[aria-label]').length === 6);
  const words = await v.page.locator('.plot').nth(1).getAttribute('aria-label');
  for (const part of ['Current', 'Charge limit', 'Discharge limit', 'from', 'last']) expect(words.includes(part), `"${part}" is not in "${words}"`);
  const legend = v.page.locator('.legend button').first();
  same(await legend.getAttribute('aria-pressed'), 'true', 'shown at first');
  await legend.focus();
  await v.page.keyboard.press('Enter');
  same(await legend.getAttribute('aria-pressed'), 'false', 'hidden by a key');
  await v.sees('Events in this time');
  expect((await v.page.locator('#history-events ~ .scroll tbody tr').count()) > 5, 'events in the list');
  await v.page.locator('.energy-days summary').click();
  same(await v.page.locator('.energy-days tbody tr').count(), 30, 'days in the table');
});

test('the marker of an event is drawn where it happened', async (v) => {
  v.daemon.events = [{ id: 1, time: Math.round(Date.now() / 1000) - 43200, uptime_s: 1, code: 'x', severity: 'error', pack: null, en: 'one', de: 'eins' }];
  v.daemon.change = null;
  await v.open('history');
  await v.page.waitForSelector('canvas');
  // The tip of the marker: the colour of an error in the middle of the top line of a chart without red lines.
  await v.page.waitForFunction(() => {
    const plot = document.querySelectorAll('.plot')[2];
    const canvas = plot.querySelector('canvas');
    const over = plot.querySelector('.u-over');
    const [left, top] = [parseFloat(over.style.left), parseFloat(over.style.top)];
    const x = Math.round((left + parseFloat(over.style.width) / 2) * devicePixelRatio);
    const data = canvas.getContext('2d').getImageData(x - 6, Math.round(top * devicePixelRatio) + 1, 12, 3).data;
    for (let i = 0; i < data.length; i += 4) if (data[i] > 150 && data[i + 1] < 90 && data[i + 3] > 100) return true;
    return false;
  });
});

test('without a history there is a sentence instead of a blank', async (v) => {
  v.expected_faults.push(/status of 404/);
  v.daemon.history = false;
  await v.open('history');
  await v.sees('No history');
  await v.go('live');
  await v.sees('State of charge');
});

test('events are filtered and paged, and a new one shows up by itself', async (v) => {
  await v.open('events');
  await v.settled();
  same(await v.page.locator('table.events tbody tr').count(), 50, 'events of a page');
  const newest = await v.text('table.events tbody tr:first-child');
  await v.page.getByRole('button', { name: 'Older', exact: true }).click();
  await v.page.waitForFunction((t) => document.querySelector('table.events tbody tr').innerText !== t, newest);
  await v.page.getByRole('button', { name: 'Newest', exact: true }).click();
  await v.page.waitForFunction((t) => document.querySelector('table.events tbody tr').innerText === t, newest);
  await v.page.locator('input[value=errors]').check({ force: true });
  await v.page.waitForFunction(() => [...document.querySelectorAll('table.events tbody tr')].every((r) => r.className === 'error'));
  same(await v.page.locator('table.events tbody tr').count(), 36, 'errors');
  v.daemon.tell({ code: 'critical_high', severity: 'error', en: 'a brand new fault', de: 'eine neue Störung' });
  await v.sees('a brand new fault', 'table.events');
  await v.page.selectOption('#language', 'de');
  await v.sees('eine neue Störung', 'table.events');
});

test('settings say where they are changed, and can be searched', async (v) => {
  await v.open('settings');
  await v.sees('/etc/jk-pylon/jk-pylon.toml');
  await v.sees('[control.voltage]', 'h2');
  await v.sees('[[pack]] 2', 'h2');
  await v.page.fill('input[type=search]', 'charge_per_cell');
  await v.sees('1 keys');
  same(await v.page.locator('table.settings tbody tr').count(), 1, 'keys found');
  await v.page.fill('input[type=search]', '');
  await v.page.getByLabel('Only what differs').check();
  await v.sees('charge_per_cell_v', 'table.settings');
  expect(!(await v.text('.page')).includes('interface'), 'a key at its default is shown');
});
