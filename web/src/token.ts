// SPDX-License-Identifier: MIT
// The token a person typed. It stays in this tab: not in a cookie, not in an address, not in lasting storage.
const key = 'jk-pylon.token';
let kept = '';
try {
  kept = sessionStorage.getItem(key) ?? '';
} catch {
  // Storage is refused: it lasts until the page is left.
}

export function token(): string {
  return kept;
}

export function keep_token(text: string): void {
  kept = text.trim();
  try {
    if (kept) sessionStorage.setItem(key, kept);
    else sessionStorage.removeItem(key);
  } catch {
    // As above.
  }
}
