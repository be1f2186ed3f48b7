#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const [argument, ...more] = process.argv.slice(2);
if ((argument === '--version' || argument === '-V') && more.length === 0) {
  // Asked for by installers and scripts, so it is answered before anything is loaded.
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
} else {
  // Stack traces of a bundle say little without its source map.
  if (process.argv.includes('--debug')) process.setSourceMapsEnabled(true);
  // Keeping what V8 compiled for the next run halves the time to start. Node does it by itself from 22.1 on.
  if (module.enableCompileCache) module.enableCompileCache();
  else require('../dist/code-cache.js').keepCompiledCode();
  require('../dist/cli.js');
}
