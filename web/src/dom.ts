// SPDX-License-Identifier: MIT
// A small render helper: a page is a function from state to nodes, and render() changes only what differs,
// so focus, open details and what a screen reader is reading stay where they are. Text is always text.

export type Child = VNode | string | number | null | undefined | false | Child[];

export interface Props {
  key?: string | number;
  on?: { [event: string]: (event: Event) => void };
  style?: Record<string, string>; // through the CSSOM, which a strict content security policy allows
  // Called with the new element; its inside is left alone from then on. What it returns runs on removal.
  mount?: (element: HTMLElement) => (() => void) | void;
  [attribute: string]: unknown;
}

export interface VNode {
  tag: string;
  props: Props;
  children: (VNode | string)[];
}

const svg_space = 'http://www.w3.org/2000/svg';
const special = new Set(['key', 'on', 'style', 'mount']);
const as_property = new Set(['value', 'checked', 'disabled', 'selected']);

interface Extra {
  node: VNode;
  listeners: Map<string, EventListener>;
  leave?: () => void;
}
const extras = new WeakMap<Element, Extra>();

function flatten(children: Child[], into: (VNode | string)[] = []): (VNode | string)[] {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) flatten(child, into);
    else into.push(typeof child === 'number' ? String(child) : child);
  }
  return into;
}

export function h(tag: string, props?: Props | null, ...children: Child[]): VNode {
  return { tag, props: props ?? {}, children: flatten(children) };
}

function set_attribute(element: Element, name: string, value: unknown): void {
  if (as_property.has(name) && name in element) {
    (element as unknown as Record<string, unknown>)[name] = value ?? (name === 'value' ? '' : false);
  } else if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? '' : String(value));
  }
}

function apply(element: Element, extra: Extra, before: Props, now: Props): void {
  for (const name of Object.keys(before)) {
    if (!special.has(name) && !(name in now)) set_attribute(element, name, null);
  }
  for (const [name, value] of Object.entries(now)) {
    if (!special.has(name) && before[name] !== value) set_attribute(element, name, value);
  }
  const style = (element as HTMLElement).style;
  for (const name of Object.keys(before.style ?? {})) {
    if (!now.style || !(name in now.style)) style.removeProperty(name);
  }
  for (const [name, value] of Object.entries(now.style ?? {})) {
    if (before.style?.[name] !== value) style.setProperty(name, value);
  }
  for (const name of Object.keys(now.on ?? {})) {
    if (extra.listeners.has(name)) continue;
    const listener = (event: Event) => extra.node.props.on?.[name]?.(event);
    extra.listeners.set(name, listener);
    element.addEventListener(name, listener);
  }
}

function create(node: VNode | string, space: string | null): Node {
  if (typeof node === 'string') return document.createTextNode(node);
  const own = node.tag === 'svg' ? svg_space : space;
  const element = own ? document.createElementNS(own, node.tag) : document.createElement(node.tag);
  const extra: Extra = { node, listeners: new Map() };
  extras.set(element, extra);
  // Children first: a select takes its value only once its options are there.
  for (const child of node.children) element.appendChild(create(child, node.tag === 'foreignObject' ? null : own));
  apply(element, extra, {}, node.props);
  if (node.props.mount) extra.leave = node.props.mount(element as HTMLElement) ?? undefined;
  return element;
}

function forget(node: Node): void {
  if (!(node instanceof Element)) return;
  extras.get(node)?.leave?.();
  for (const child of Array.from(node.childNodes)) forget(child);
}

function fits(dom: Node, node: VNode | string): boolean {
  if (typeof node === 'string') return dom.nodeType === Node.TEXT_NODE;
  const before = dom instanceof Element ? extras.get(dom)?.node : undefined;
  return before !== undefined && before.tag === node.tag && before.props.key === node.props.key;
}

function update(dom: Node, node: VNode | string): void {
  if (typeof node === 'string') {
    if (dom.nodeValue !== node) dom.nodeValue = node;
    return;
  }
  const element = dom as Element;
  const extra = extras.get(element)!;
  const before = extra.node;
  extra.node = node;
  if (!node.props.mount) patch(element, node.children);
  apply(element, extra, before.props, node.props);
}

function patch(parent: Element, nodes: (VNode | string)[]): void {
  const space = parent.namespaceURI === svg_space ? svg_space : null;
  nodes.forEach((node, i) => {
    const dom = parent.childNodes[i];
    if (!dom) {
      parent.appendChild(create(node, space));
    } else if (fits(dom, node)) {
      update(dom, node);
    } else {
      forget(dom);
      parent.replaceChild(create(node, space), dom);
    }
  });
  while (parent.childNodes.length > nodes.length) {
    const last = parent.lastChild!;
    forget(last);
    parent.removeChild(last);
  }
}

export function render(root: Element, ...children: Child[]): void {
  patch(root, flatten(children));
}
