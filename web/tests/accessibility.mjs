// SPDX-License-Identifier: MIT
// What a screen reader, a keyboard and weak eyes need, checked in the page itself. Returns sentences.
export function find_faults() {
  const faults = [];
  const seen = (e) => e.checkVisibility?.({ checkOpacity: false, checkVisibilityCSS: true }) ?? true;
  const say = (e, what) => faults.push(`${what}: <${e.tagName.toLowerCase()} ${e.id ? `id=${e.id}` : `class=${e.getAttribute('class') ?? ''}`}> ${(e.textContent ?? '').trim().slice(0, 40)}`);
  const all = (selector) => [...document.querySelectorAll(selector)];

  if (!document.documentElement.lang) faults.push('the page has no language');
  if (!document.title.trim()) faults.push('the page has no title');
  for (const [selector, name] of [['header', 'banner'], ['nav', 'navigation'], ['main', 'main'], ['footer', 'contentinfo']]) {
    if (all(selector).length !== 1) faults.push(`there is not exactly one landmark ${name}`);
  }
  if (all('h1').length !== 1) faults.push('there is not exactly one h1');

  let level = 0;
  for (const heading of all('h1, h2, h3, h4')) {
    const now = Number(heading.tagName[1]);
    if (now > level + 1) say(heading, 'a heading skips a level');
    level = now;
  }

  const ids = new Set();
  for (const e of all('[id]')) {
    if (ids.has(e.id)) say(e, 'an id is there twice');
    ids.add(e.id);
  }
  for (const name of ['aria-labelledby', 'aria-describedby', 'aria-controls']) {
    for (const e of all(`[${name}]`)) {
      for (const id of e.getAttribute(name).split(/\s+/)) if (!ids.has(id)) say(e, `${name} names ${id}, which is not there`);
    }
  }

  const name_of = (e) => [
    e.getAttribute('aria-label'), e.title, e.textContent,
    ...(e.labels ? [...e.labels].map((l) => l.textContent) : []),
    ...(e.getAttribute('aria-labelledby') ?? '').split(/\s+/).map((id) => document.getElementById(id)?.textContent),
  ].some((text) => text?.trim());
  for (const e of all('a, button, input, select, textarea, summary, fieldset')) if (!name_of(e)) say(e, 'a control has no name');
  for (const e of all('input:not([type=hidden]), select, textarea')) if (!e.labels?.length && !e.getAttribute('aria-label')) say(e, 'a field has no label');
  for (const e of all('[role=img]')) if (!e.getAttribute('aria-label')?.trim()) say(e, 'a picture has no words');
  for (const e of all('canvas')) if (!e.closest('[role=img], [aria-hidden=true]')) say(e, 'a canvas has no words around it');
  for (const e of all('table')) {
    if (!e.caption) say(e, 'a table has no caption');
    if (!e.querySelector('th[scope=col]')) say(e, 'a table has no column headers');
  }
  for (const e of all('[tabindex]')) if (Number(e.getAttribute('tabindex')) > 0) say(e, 'a tabindex changes the order');
  if (!document.querySelector('[aria-live=polite]')) faults.push('no live region for alarms');

  // Contrast, after the formula of WCAG 2.
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const ctx = canvas.getContext('2d', { willReadFrequently: true });
  const rgba = (color) => {
    ctx.clearRect(0, 0, 1, 1);
    ctx.fillStyle = color;
    ctx.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = ctx.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3]));
  const behind = (e) => {
    const layers = [];
    for (let at = e; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const light = (c) => {
    const [r, g, b] = c.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const e of all('body *')) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.nodeValue.trim());
    if (!own || !seen(e) || e.closest('svg, .hidden, :disabled, option, noscript, [aria-pressed=false], .old')) continue;
    const style = getComputedStyle(e);
    const back = behind(e);
    const front = over(rgba(style.color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) say(e, `contrast ${ratio.toFixed(2)} only`);
  }
  return faults;
}
