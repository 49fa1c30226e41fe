// SPDX-License-Identifier: MIT
// The live page and the connection, with a daemon that does what the test wants.
import { expect, page_names, same, test } from './harness.mjs';

const refused = /Failed to load resource|net::ERR|status of (401|502)/;

test('a new value is on the screen without a reload', async (v) => {
  await v.open();
  v.daemon.change = (s) => { s.battery.soc_pct = 73; s.battery.current_a = -12.34; return s; };
  await v.sees('73 %', '.card');
  await v.sees('discharging 12.3 A', '.card');
});

test('a stream that comes in pieces, with other line ends and umlauts cut in two, is read all the same', async (v) => {
  await v.open();
  await v.page.evaluate(() => {
    const footer = document.querySelector('footer');
    new MutationObserver(() => { window.damaged ||= footer.innerText.includes('\ufffd'); }).observe(footer, { subtree: true, characterData: true });
  });
  v.daemon.cut = true;
  for (let shift = 0; shift < 4; ++shift) {
    v.daemon.change = (s) => { s.battery.soc_pct = 80 + shift; s.version = `${' '.repeat(shift)}äöü-${shift}`; return { version: s.version, ...s }; };
    v.daemon.push();
    await v.sees(`äöü-${shift}`, 'footer');
    await v.sees(`${80 + shift} %`, '.card');
  }
  expect(!(await v.page.evaluate(() => window.damaged)), 'an umlaut was read as two halves');
});

test('limits say why, and what would change it', async (v) => {
  await v.open();
  await v.sees('Curve of the highest cell: cell 2 at 3.385 V');
  await v.sees('No limit once the cell is below 3.381 V');
  await v.sees('The second battery charges, so this one does not discharge');
  await v.page.locator('summary').first().click();
  await v.sees('configured maximum', 'table.limiters');
  await v.daemon.push();
  expect(await v.page.locator('details').first().evaluate((d) => d.open), 'an update closed what was open');
});

test('the power flow says directions in words', async (v) => {
  v.daemon.change = (s) => { s.site.grid.power_w = -400; s.site.peer.power_w = 4000; s.battery.current_a = 10; s.battery.voltage_v = 50; return s; };
  await v.open();
  const words = (await v.page.getAttribute('svg.flow-picture', 'aria-label')).replace(/\u00a0/g, ' ');
  for (const part of ['Grid: importing 400 W', 'Battery: charging 500 W', 'Second battery: charging 4.00 kW', 'House and sun: surplus 4.10 kW']) {
    expect(words.includes(part), `"${part}" is not in "${words}"`);
  }
});

test('a daemon that goes away is seen at once, and its return too', async (v) => {
  v.expected_faults.push(refused);
  await v.open();
  await v.daemon.stop();
  await v.page.waitForSelector('.pill.lost');
  await v.sees('No connection to jk-pylon', '[aria-live=polite]');
  await v.sees('Values are from', '.how-old');
  expect(Number(await v.page.locator('.page').evaluate((e) => getComputedStyle(e).opacity)) < 1, 'old values look like new ones');
  v.daemon.change = (s) => { s.battery.soc_pct = 41; return s; };
  await v.daemon.start();
  await v.page.waitForSelector('.pill.live');
  await v.sees('41 %', '.card');
  same(await v.page.locator('.how-old').count(), 0, 'notes about old values');
});

test('a connection that says nothing more is called old', async (v) => {
  v.expected_faults.push(refused);
  await v.open();
  v.daemon.snapshots = 'hanging';
  v.daemon.stream = 'silent';
  await v.page.waitForSelector('.pill.stale');
  await v.sees('Old data', '[aria-live=polite]');
  v.daemon.snapshots = v.daemon.stream = 'good';
  await v.page.waitForSelector('.pill.live');
});

test('without a stream the values are asked for one by one', async (v) => {
  v.expected_faults.push(refused);
  v.daemon.stream = 'broken';
  await v.open();
  v.daemon.change = (s) => { s.battery.soc_pct = 37; return s; };
  await v.sees('37 %', '.card');
  await v.page.waitForSelector('.pill.live');
});

test('alarms are told politely and in words', async (v) => {
  await v.open();
  v.daemon.scene = 'alarm';
  await v.sees('Protection: over-voltage', '[aria-live=polite]');
  v.daemon.scene = 'old';
  await v.sees('Data of the BMS: too old; limits are 0', '[aria-live=polite]');
  v.daemon.change = (s) => { s.packs[1].lockout = true; s.can.mode = 'unacknowledged'; return s; };
  await v.sees('shed: locked after deep discharge', '[aria-live=polite]');
  await v.sees('nobody acknowledges our frames', '[aria-live=polite]');
});

test('before the first reading the page says what is missing', async (v) => {
  v.daemon.change = (s) => {
    s.battery = null;
    s.site = null;
    for (const pack of s.packs) { pack.reading = null; pack.age_s = null; pack.part = null; pack.link.state = 'failed'; pack.link.good = false; pack.link.detail = 'the port is not there'; }
    return s;
  };
  await v.open();
  await v.sees('Waiting for the first data');
  await v.sees('garage: the port is not there');
  await v.go('cells');
  await v.sees('No reading of this pack yet.');
});

test('whatever is missing in a snapshot, no page breaks', async (v) => {
  const nothing = ['battery', 'site', 'packs', 'sources', 'can', 'commands', 'energy', 'version', 'uptime_s', 'time', 'transmitting'];
  const lighter = [
    () => ({}),
    (s) => { for (const key of nothing) s[key] = null; return s; },
    (s) => { s.packs = []; s.site.grid = null; s.site.peer = null; s.battery.charge.limiters = []; s.battery.highest_cell = null; return s; },
    (s) => { s.packs[0].reading.cells_mv = []; s.packs[0].link = null; s.site.peer.power_w = null; s.site.grid.power_w = null; s.battery.phase = 'surprise'; s.battery.alarms = ['new_alarm']; return s; },
  ];
  for (const change of lighter) {
    v.daemon.change = change;
    await v.page.goto('about:blank');
    await v.open();
    for (const name of page_names) {
      await v.go(name);
      expect((await v.text('.page')).trim().length > 0, `${name} is blank`);
    }
  }
});

test('texts of the daemon are text, never markup', async (v) => {
  const evil = '<img src=x onerror="document.title=\'broken in\'"><b>';
  v.daemon.change = (s) => { s.packs[0].name = evil; s.packs[0].link.detail = evil; s.battery.charge.reason = evil; s.version = evil; return s; };
  await v.open();
  for (const name of page_names) {
    await v.go(name);
    same(await v.page.locator('img, .page b:has(img)').count(), 0, 'elements that the daemon smuggled in');
  }
  await v.go('cells');
  await v.sees('<img src=x');
});

test('German has every reason that was recorded, with a decimal comma', { look: { locale: 'de-DE' } }, async (v) => {
  for (const scene of ['charging', 'alarm', 'old', 'discharging', 'evening', 'start']) {
    v.daemon.scene = scene;
    await v.page.goto('about:blank');
    await v.open();
    await v.page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
    same(await v.page.locator('.page [lang=en]').allInnerTexts(), [], `English in ${scene}`);
  }
  v.daemon.scene = 'charging';
  await v.sees('Kurve der höchsten Zelle: Zelle 2 bei 3,385 V');
  await v.sees('Keine Grenze unter 3,381 V');
  await v.sees('lädt mit');
  v.daemon.change = (s) => { s.battery.charge.reason = 'something the page does not know'; return s; };
  await v.sees('Something the page does not know', '[lang=en]');
});

test('the cells page says which cell stands out, and shows wires', async (v) => {
  await v.open('cells');
  await v.sees('Cell 2 stands out most: +14 mV from the mean.');
  await v.sees('Cell 12 stands out most');
  await v.sees('balancing now');
  same(await v.page.locator('table.cells').count(), 2, 'tables');
  same(await v.page.locator('table.cells').first().locator('tbody tr').count(), 16, 'cells');
  same((await v.page.locator('table.cells').nth(1).locator('tbody tr').nth(11).locator('td').last().innerText()).replace(/\u00a0/g, ' '), '96 mΩ', 'wire of cell 12');
  same(await v.page.locator('table.cells').first().locator('thead th').count(), 3, 'columns without wires');
});

test('it works under any path', { look: { base: '/house/battery/' } }, async (v) => {
  await v.open();
  for (const name of page_names) {
    await v.go(name);
    await v.settled();
  }
  expect(v.daemon.requests.every((r) => r.startsWith('/house/battery/')), `asked beside the path: ${v.daemon.requests.find((r) => !r.startsWith('/house/battery/'))}`);
});

test('a daemon with a token for reading asks for it, and keeps it in the tab only', async (v) => {
  v.expected_faults.push(refused);
  v.daemon.read_token = 'let-me-read-this-please';
  await v.page.goto(v.url);
  await v.sees('A token is wanted');
  await v.page.fill('#read-token', 'wrong');
  await v.page.keyboard.press('Enter');
  await v.sees('The token is not right.');
  await v.page.fill('#read-token', 'let-me-read-this-please');
  await v.page.keyboard.press('Enter');
  await v.page.waitForSelector('.pill.live');
  await v.go('events');
  await v.settled();
  same(await v.page.evaluate(() => JSON.stringify({ ...localStorage })), '{}', 'lasting storage');
  expect(v.daemon.requests.every((r) => !r.includes('let-me')), 'the token is in an address');
  await v.go('history');
  await v.page.waitForSelector('canvas');
  const [download] = await Promise.all([v.page.waitForEvent('download'), v.page.click('a[download]')]);
  same(download.suggestedFilename(), 'jk-pylon-history.csv', 'file name');
});
