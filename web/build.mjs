// SPDX-License-Identifier: MIT
// Builds the dashboard into FOLDER/dist and writes FOLDER/dashboard.cpp, which holds every file of it compressed:
//   node build.mjs FOLDER [--tests] [--npm PATH]
// Packages are fetched only when package-lock.json is another one than last time; after that it needs no network.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const [folder, ...options] = process.argv.slice(2);
const out = resolve(folder);
const with_tests = options.includes('--tests');
const npm = options.includes('--npm') ? options[options.indexOf('--npm') + 1] : 'npm';
const most_bytes = 150000; // of all files, compressed
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

function run(program, args) {
  execFileSync(program, args, { cwd: here, stdio: ['ignore', 'inherit', 'inherit'] });
}

// What is installed, as the stamp of the last time tells: the lock's digest, and whether the tests' packages too.
function fetch_packages() {
  const lock = createHash('sha256').update(readFileSync(join(here, 'package-lock.json'))).digest('hex');
  const stamp = join(here, 'node_modules', '.jk-pylon-lock');
  const [had, tests] = existsSync(stamp) ? readFileSync(stamp, 'utf8').split(' ') : [];
  if (had === lock && (tests === 'tests' || !with_tests)) return;
  // No package runs a script of its own: none of them needs to.
  run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...(with_tests ? [] : ['--omit=dev'])]);
  writeFileSync(stamp, `${lock} ${with_tests ? 'tests' : 'build'}`);
}

function files_of(dir) {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    return statSync(path).isDirectory() ? files_of(path) : [path];
  });
}

function bytes_of(data) {
  const lines = [];
  for (let i = 0; i < data.length; i += 24) lines.push(`    ${[...data.subarray(i, i + 24)].join(',')},`);
  return lines.join('\n');
}

function source_of(assets) {
  const arrays = assets.map((a, i) => `constexpr std::array<std::uint8_t, ${a.gzip.length}> file_${i}{\n${bytes_of(a.gzip)}\n};`);
  const rows = assets.map((a, i) => `        Asset{"${a.path}", "${a.type}", "\\"${a.etag}\\"", std::as_bytes(std::span(file_${i}))},`);
  return `// Made by web/build.mjs.
#include <array>
#include <cstdint>

#include "web/assets.hpp"

namespace jkp::web {
namespace {

${arrays.join('\n')}

}  // namespace

std::span<const Asset> assets() {
    static const std::array<Asset, ${assets.length}> list{{
${rows.join('\n')}
    }};
    return list;
}

}  // namespace jkp::web
`;
}

fetch_packages();
const bin = (name) => join(here, 'node_modules', ...name);
run(process.execPath, [bin(['typescript', 'bin', 'tsc'])]);
const dist = join(out, 'dist');
mkdirSync(out, { recursive: true });
run(process.execPath, [bin(['vite', 'bin', 'vite.js']), 'build', '--logLevel', 'warn', '--outDir', dist, '--emptyOutDir']);

const assets = files_of(dist).map((file) => {
  const path = relative(dist, file).replaceAll('\\', '/');
  const type = types[extname(file)];
  if (!type) throw new Error(`${path}: what kind of file is this?`);
  const gzip = gzipSync(readFileSync(file), { level: 9 });
  return { path, type, gzip, raw: statSync(file).size, etag: createHash('sha256').update(gzip).digest('hex').slice(0, 16) };
}).sort((a, b) => (a.path < b.path ? -1 : 1));
const total = assets.reduce((sum, a) => sum + a.gzip.length, 0);
for (const a of assets) console.log(`${a.path}: ${a.raw} bytes, ${a.gzip.length} compressed`);
console.log(`dashboard: ${total} bytes compressed`);
if (total > most_bytes) throw new Error(`the dashboard has ${total} bytes; ${most_bytes} are allowed`);
writeFileSync(join(out, 'dashboard.cpp'), source_of(assets));
