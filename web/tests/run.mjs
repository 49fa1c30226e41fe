// SPDX-License-Identifier: MIT
// The dashboard in Debian's Chromium:   node tests/run.mjs [PART OF A NAME]
// JKP_WEB_URL=http://127.0.0.1:8330/ runs what holds for any daemon against that one.
import { existsSync } from 'node:fs';
import { real_url, run_all } from './harness.mjs';
import './pages_test.mjs';
import './live_test.mjs';
import './history_test.mjs';
import './commands_test.mjs';
import './german_test.mjs';

if (!real_url && !process.env.JKP_WEB_DIST && !existsSync(new URL('../dist/index.html', import.meta.url))) {
  console.error('there is no dist/; run npm run build first');
  process.exit(2);
}
process.exit(await run_all(process.argv[2]));
