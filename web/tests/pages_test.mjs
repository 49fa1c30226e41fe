// SPDX-License-Identifier: MIT
// What holds for every page, whatever the daemon tells: these also run against a real one.
import { find_faults } from './accessibility.mjs';
import { expect, page_names, same, test } from './harness.mjs';

for (const name of page_names) {
  test(`the page ${name} shows something and breaks nothing`, { anywhere: true }, async (v) => {
    await v.open(name);
    await v.settled();
    expect((await v.text('.page')).trim().length > 20, 'the page is empty');
    same(await v.page.locator('nav a[aria-current=page]').count(), 1, 'marked entries of the menu');
  });
}

for (const [scheme, lang] of [['light', 'en-GB'], ['dark', 'de-DE']]) {
  test(`every page is usable with a screen reader and has contrast, ${scheme}`, { anywhere: true, look: { colorScheme: scheme, locale: lang } }, async (v) => {
    await v.open();
    for (const name of page_names) {
      await v.go(name);
      await v.settled();
      await v.page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
      await v.page.waitForFunction(() => document.getAnimations().every((a) => a.playState !== 'running' || a.effect?.getComputedTiming().iterations === Infinity));
      same(await v.page.evaluate(find_faults), [], `faults of ${name}`);
    }
  });
}

for (const lang of ['en-GB', 'de-DE']) {
  test(`nothing needs scrolling sideways on a phone, ${lang}`, { anywhere: true, look: { viewport: { width: 360, height: 740 }, locale: lang, hasTouch: true, isMobile: true } }, async (v) => {
    await v.open();
    for (const name of page_names) {
      await v.go(name);
      await v.settled();
      const wide = await v.page.evaluate(() => [document.documentElement.scrollWidth, [...document.querySelectorAll('main *, header *')]
        .filter((e) => !e.closest('.scroll, .hidden, svg, .skip, .u-wrap, thead') && e.getBoundingClientRect().right > 361)
        .slice(0, 3).map((e) => `${e.tagName}.${e.className}`)]);
      same(wide, [360, []], `width of ${name}`);
    }
  });
}

test('on a phone the menu opens, leads to a page and closes', { anywhere: true, look: { viewport: { width: 360, height: 740 } } }, async (v) => {
  await v.open();
  expect(!(await v.page.locator('nav a').first().isVisible()), 'the menu is open at first');
  await v.page.click('button.menu');
  same(await v.page.getAttribute('button.menu', 'aria-expanded'), 'true', 'aria-expanded');
  await v.page.click('nav a[href="#/cells"]');
  await v.page.waitForSelector('.page.cells');
  expect(!(await v.page.locator('nav a').first().isVisible()), 'the menu stayed open');
});

test('the browser chooses dark, the switch overrules it and is remembered', { anywhere: true, look: { colorScheme: 'dark' } }, async (v) => {
  const background = () => v.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await v.open();
  same(await background(), 'rgb(16, 22, 21)', 'dark background');
  await v.page.selectOption('#theme', 'light');
  await v.page.waitForSelector('html[data-theme=light]');
  same(await background(), 'rgb(243, 245, 244)', 'light background');
  await v.page.reload();
  await v.page.waitForSelector('.pill.live');
  same(await background(), 'rgb(243, 245, 244)', 'background after a reload');
});

test('a German browser gets German, the switch gives English and is remembered', { anywhere: true, look: { locale: 'de-DE' } }, async (v) => {
  await v.open();
  same(await v.page.locator('h1').innerText(), 'Live', 'heading');
  await v.sees('Zellen', 'nav');
  same(await v.page.getAttribute('html', 'lang'), 'de', 'lang');
  await v.page.selectOption('#language', 'en');
  await v.sees('Cells', 'nav');
  await v.page.reload();
  await v.sees('Cells', 'nav');
  same(await v.page.getAttribute('html', 'lang'), 'en', 'lang');
});

test('the keyboard reaches everything, in order and visibly', { anywhere: true }, async (v) => {
  await v.open();
  const focus = () => v.page.evaluate(() => {
    const e = document.activeElement;
    return { tag: e.tagName, text: e.innerText, id: e.id, outline: getComputedStyle(e).outlineStyle, width: parseFloat(getComputedStyle(e).outlineWidth) };
  });
  await v.page.keyboard.press('Tab');
  same((await focus()).text, 'Skip to the content', 'first stop');
  await v.page.keyboard.press('Enter');
  same((await focus()).id, 'main', 'after the skip link');
  await v.page.locator('.brand').focus();
  for (let i = 0; i < 2; ++i) await v.page.keyboard.press('Tab');
  const at = await focus();
  same(at.text, 'Cells', 'second entry of the menu');
  expect(at.outline !== 'none' && at.width >= 2, 'the focus cannot be seen');
  await v.page.keyboard.press('Enter');
  await v.page.waitForSelector('.page.cells');
  same((await focus()).text, 'Cells', 'the focus is on the new heading');
  same((await focus()).tag, 'H1', 'the focus is on the new heading');
  await v.go('history');
  await v.page.waitForSelector('canvas');
  await v.page.locator('input[name=range]:checked').focus();
  await v.page.keyboard.press('ArrowRight');
  same(await v.page.locator('input[name=range]:checked').getAttribute('value'), '1w', 'range after an arrow key');
});

test('every stop of the keyboard can be seen', { anywhere: true }, async (v) => {
  await v.open();
  for (const name of page_names) {
    await v.go(name);
    await v.settled();
    await v.page.evaluate(() => document.getElementById('main').focus());
    for (let i = 0; i < 12; ++i) {
      await v.page.keyboard.press('Tab');
      const shown = await v.page.evaluate(() => {
        const e = document.activeElement;
        if (e === document.body) return true;
        const mark = e.matches('.segments input') ? e.nextElementSibling : e;
        const style = getComputedStyle(mark);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || `${e.tagName} ${e.className} ${e.innerText}`;
      });
      same(shown, true, `focus on ${name}`);
    }
  }
});

test('live values keep coming', { anywhere: true }, async (v) => {
  await v.open('diagnostics');
  const count = () => v.page.evaluate(() => {
    const row = [...document.querySelectorAll('#this-page ~ dl div')].find((d) => d.innerText.startsWith('Messages'));
    return Number(row.querySelector('dd').innerText.replace(/\D/g, ''));
  });
  const before = await count();
  await v.page.waitForFunction((n) => {
    const row = [...document.querySelectorAll('#this-page ~ dl div')].find((d) => d.innerText.startsWith('Messages'));
    return Number(row.querySelector('dd').innerText.replace(/\D/g, '')) >= n + 2;
  }, before);
});

const tags = (v) => v.page.evaluate(() => Object.fromEntries([...document.querySelectorAll('table.links tbody tr')]
  .map((row) => [row.querySelector('.code').innerText, [row.querySelector('.tag').innerText, row.querySelector('.tag').className.trim()]])));

test('healthy links are green, whatever their word', async (v) => {
  await v.open('diagnostics');
  await v.page.waitForFunction(() => document.querySelectorAll('table.links .tag').length > 0
    && [...document.querySelectorAll('table.links .tag')].every((tag) => tag.className === 'tag good'));
  const found = await tags(v);
  same(['history', 'mqtt', 'notify', 'web'].map((name) => found[name]?.[0]), ['recording', 'up', 'ready', 'good'], 'words');
});

for (const [lang, words] of [['en-GB', ['recording', 'waiting', 'off']], ['de-DE', ['zeichnet auf', 'wartet', 'aus']]]) {
  test(`an outlet that cannot be used is red, one that is switched off is neither, ${lang}`, { look: { locale: lang } }, async (v) => {
    v.daemon.change = (s) => {
      for (const link of s.outlets) {
        if (link.name === 'notify') Object.assign(link, { state: 'waiting', good: false, detail: 'no answer' });
        if (link.name === 'mqtt') Object.assign(link, { state: 'off', good: null });
      }
      return s;
    };
    await v.open('diagnostics');
    const found = await tags(v);
    same([found.history, found.notify, found.mqtt], [[words[0], 'tag good'], [words[1], 'tag error'], [words[2], 'tag']], 'outlets');
  });
}
