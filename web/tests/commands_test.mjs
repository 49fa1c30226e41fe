// SPDX-License-Identifier: MIT
import { good_token } from './fake_server.mjs';
import { expect, same, test } from './harness.mjs';

const card = (v, name) => v.page.locator('section', { has: v.page.getByRole('heading', { name, exact: true }) });

async function answer(v, name, text) {
  await v.page.waitForFunction(
    ([n, t]) => [...document.querySelectorAll('section')].some((s) => s.querySelector('h2')?.innerText === n && s.querySelector('.answer')?.innerText.replace(/\u00a0/g, ' ').includes(t)), [name, text]);
}

test('only what is allowed can be commanded', async (v) => {
  await v.open('commands');
  same(await v.page.locator('h2').allInnerTexts(), ['Token', 'Largest charge current', 'Largest discharge current', 'Pause', 'Force charge'], 'cards');
  v.daemon.allowed = [];
  await v.sees('No command is allowed over the network.');
  await v.sees('allow = ["max_charge_a", "max_discharge_a", "pause", "force_charge", "full_charge", "float_hold"]');
  v.daemon.allowed = ['pause'];
  v.daemon.writable = false;
  await v.sees('write_token_file');
});

test('a command needs the token, shows what is in force and why, and can be released', async (v) => {
  v.expected_faults.push(/status of (401|409)/);
  const name = 'Largest charge current';
  await v.open('commands');
  const charge = card(v, name);
  await charge.getByLabel('Ampere').fill('80');
  await charge.getByRole('button', { name: 'Send' }).click();
  await answer(v, name, 'Type the token first.');
  same(v.daemon.posts.length, 0, 'requests without a token');
  await v.page.fill('#token', 'wrong');
  await charge.getByRole('button', { name: 'Send' }).click();
  await answer(v, name, 'The token is not right.');
  await v.page.fill('#token', good_token);
  await charge.getByLabel('For').selectOption('3600');
  await charge.getByRole('button', { name: 'Send' }).click();
  await answer(v, name, 'In force now: 56.2 A.');
  await answer(v, name, 'cut by the curve of the highest cell');
  same(v.daemon.posts.at(-1).wish, { command: 'max_charge_a', value: 80, expires_s: 3600 }, 'what was sent');
  same(v.daemon.posts.at(-1).type, 'application/json', 'content type');
  await v.sees('Now: 56.2 A, by http 127.0.0.1, ends in');
  await charge.getByRole('button', { name: 'Release' }).click();
  await answer(v, name, 'Released.');
  same(v.daemon.posts.at(-1).wish, { command: 'max_charge_a', value: null }, 'what was sent');
  const discharge = card(v, 'Largest discharge current');
  await discharge.getByLabel('Ampere').fill('12,5');
  await discharge.getByRole('button', { name: 'Send' }).click();
  await answer(v, 'Largest discharge current', 'Refused: the pack is locked after deep discharge');
  same(v.daemon.posts.at(-1).wish.value, 12.5, 'a decimal comma');
});

test('what is no current is not sent', async (v) => {
  await v.open('commands');
  await v.page.fill('#token', good_token);
  const charge = card(v, 'Largest charge current');
  for (const text of ['', 'abc', '-5', '1e9']) {
    await charge.getByLabel('Ampere').fill(text);
    await charge.getByRole('button', { name: 'Send' }).click();
    await answer(v, 'Largest charge current', 'This is no number from 0 to 500.');
  }
  same(v.daemon.posts.length, 0, 'requests');
});

test('the token stays in the tab: no address, no lasting storage, gone when forgotten', async (v) => {
  await v.open('commands');
  await v.page.fill('#token', good_token);
  await card(v, 'Pause').getByRole('button', { name: 'Send' }).click();
  await answer(v, 'Pause', 'In force now: on.');
  expect(!JSON.stringify(await v.page.evaluate(() => ({ ...localStorage }))).includes(good_token), 'it is in lasting storage');
  expect(!(await v.page.evaluate(() => document.cookie)).includes(good_token), 'it is in a cookie');
  expect(v.daemon.requests.every((r) => !r.includes(good_token)), 'it is in an address');
  expect((await v.page.evaluate(() => JSON.stringify({ ...sessionStorage }))).includes(good_token), 'it is not kept for the tab');
  same(await v.page.getAttribute('#token', 'type'), 'password', 'the field');
  await v.page.getByRole('button', { name: 'Forget' }).click();
  same(await v.page.evaluate(() => JSON.stringify({ ...sessionStorage })), '{}', 'after forgetting');
});

test('a request for charge is sent again while the page is open, and not after', async (v) => {
  await v.page.clock.install();
  await v.open('commands');
  await v.page.fill('#token', good_token);
  await card(v, 'Force charge').getByLabel('Send again every 20 s').check();
  await answer(v, 'Force charge', 'In force now: on.');
  const sent = () => v.daemon.posts.filter((p) => p.wish.command === 'force_charge').length;
  same(sent(), 1, 'sent at once');
  await v.page.clock.fastForward(20500);
  const deadline = Date.now() + 10000;
  while (sent() < 2 && Date.now() < deadline) await v.page.evaluate(() => fetch('api/v1/settings').then((r) => r.text()));
  same(sent(), 2, 'sent again');
  await v.go('live');
  await v.page.clock.fastForward(60000);
  await v.page.evaluate(() => fetch('api/v1/settings').then((r) => r.text()));
  same(sent(), 2, 'sent from another page');
});
