// SPDX-License-Identifier: MIT
// Pictures of every page, to be looked at by a person:   node tests/shots.mjs FOLDER [URL]
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch } from './browser.mjs';
import { FakeDaemon } from './fake_server.mjs';

const [folder = 'shots', address] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const daemon = address ? null : await new FakeDaemon().start();
const url = address ?? daemon.url;
const browser = await launch();
const looks = [
  { name: 'light', width: 1280, height: 860, scheme: 'light', lang: 'en-GB' },
  { name: 'dark', width: 1280, height: 860, scheme: 'dark', lang: 'de-DE' },
  { name: 'phone', width: 360, height: 740, scheme: 'light', lang: 'de-DE', scale: 2 },
];
for (const look of looks) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height }, colorScheme: look.scheme, locale: look.lang, deviceScaleFactor: look.scale ?? 1,
  });
  const page = await context.newPage();
  for (const name of ['live', 'cells', 'history', 'events', 'diagnostics', 'settings', 'commands']) {
    await page.goto(`${url}#/${name}`);
    await page.waitForSelector('.pill.live');
    await page.waitForFunction(() => !document.querySelector('.notice') && document.querySelector('.card'));
    if (name === 'history') await page.waitForSelector('canvas');
    await page.screenshot({ path: join(folder, `${look.name}-${name}.png`), fullPage: true });
  }
  if (daemon) {
    daemon.scene = 'old';
    await page.goto(`${url}#/live`);
    await page.waitForSelector('.banner.error');
    await page.screenshot({ path: join(folder, `${look.name}-alarm.png`), fullPage: true });
    daemon.scene = 'charging';
  }
  await context.close();
}
await browser.close();
await daemon?.stop();
