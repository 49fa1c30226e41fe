// SPDX-License-Identifier: MIT
// Runs the tests one by one. Each gets a fresh browser context and, unless a real daemon is named by JKP_WEB_URL,
// a fresh fake one. Whatever the page writes to the console as an error, breaks of its content security policy
// and asks of another host fails the test.
import { launch } from './browser.mjs';
import { FakeDaemon } from './fake_server.mjs';

export const real_url = process.env.JKP_WEB_URL ?? '';
export const page_names = ['live', 'cells', 'history', 'events', 'diagnostics', 'settings', 'commands'];
const tests = [];

// `anywhere`: it also holds against a real daemon. `look`: how the browser is set up.
export function test(name, options, run) {
  if (typeof options === 'function') [run, options] = [options, {}];
  tests.push({ name, run, ...options });
}

export function expect(condition, what) {
  if (!condition) throw new Error(what);
}

export function same(got, wanted, what) {
  if (JSON.stringify(got) !== JSON.stringify(wanted)) throw new Error(`${what}: ${JSON.stringify(got)}, expected ${JSON.stringify(wanted)}`);
}

export class Visit {
  constructor(daemon, context, page, faults) {
    Object.assign(this, { daemon, context, page, faults, url: real_url || daemon.url });
    this.expected_faults = []; // patterns of console errors that belong to the test
  }

  async open(name = 'live') {
    await this.page.goto(`${this.url}#/${name}`);
    await this.page.waitForSelector(`.page.${name}`);
    await this.page.waitForSelector('.pill.live', { timeout: 15000 });
  }

  async go(name) {
    await this.page.evaluate((n) => { location.hash = `#/${n}`; }, name);
    await this.page.waitForSelector(`.page.${name}`);
  }

  // Until what was asked for has come and there is more than a notice.
  async settled() {
    await this.page.waitForFunction(() => !document.querySelector('.page .notice') || document.querySelector('.page .card, .page table'));
  }

  text(selector = 'main') {
    return this.page.locator(selector).innerText();
  }

  // Waits for a text to show up; the deadline is that of the browser driver.
  async sees(text, selector = 'main') {
    await this.page.waitForFunction(
      ([s, t]) => [...document.querySelectorAll(s)].some((e) => e.innerText.replace(/\u00a0/g, ' ').includes(t)), [selector, text]);
  }
}

function watch(page, context, host, faults) {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'blob:' && url.host !== host) faults.push(`asked another host: ${request.url()}`);
  });
}

async function run_one(browser, { run, look = {} }) {
  const daemon = real_url ? null : await new FakeDaemon({ base: look.base }).start();
  const { base: _base, ...options } = look;
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en-GB', ...options });
  const faults = [];
  try {
    context.setDefaultTimeout(20000);
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (e) => console.error(`policy: ${e.violatedDirective} ${e.blockedURI}`));
    });
    const page = await context.newPage();
    watch(page, context, new URL(real_url || daemon.url).host, faults);
    const visit = new Visit(daemon, context, page, faults);
    await run(visit);
    const unexpected = faults.filter((fault) => !visit.expected_faults.some((pattern) => pattern.test(fault)));
    expect(unexpected.length === 0, unexpected.join('\n    '));
  } finally {
    await context.close();
    await daemon?.stop();
  }
}

export async function run_all(filter = '') {
  const browser = await launch();
  let failed = 0;
  let run = 0;
  for (const entry of tests) {
    if ((real_url && !entry.anywhere) || !entry.name.toLowerCase().includes(filter.toLowerCase())) continue;
    run += 1;
    const start = Date.now();
    try {
      await run_one(browser, entry);
      console.log(`ok    ${entry.name} (${Date.now() - start} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL  ${entry.name}\n    ${error.stack ?? error}`);
    }
  }
  await browser.close();
  console.log(`${run - failed} of ${run} passed`);
  return failed === 0 && run > 0 ? 0 : 1;
}
