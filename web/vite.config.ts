// SPDX-License-Identifier: MIT
import { defineConfig } from 'vite';

export default defineConfig({
  base: './', // every address relative: the dashboard works under any path
  build: {
    target: 'es2020',
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    assetsInlineLimit: 0, // a data: address would need a hole in the content security policy
    reportCompressedSize: false,
  },
});
