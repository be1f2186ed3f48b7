#!/usr/bin/env node
// CommonJS (see package.json beside it): Node loads it, and what is kept compiled, without its ES module loader.
const [argument, ...more] = process.argv.slice(2);
if (!((argument === '--version' || argument === '-V') && more.length === 0 && printVersion())) {
  // Stack traces of a bundle say little without its source map, which Node reads for what it loads itself.
  const isDebugging = process.argv.includes('--debug');
  if (isDebugging) process.setSourceMapsEnabled(true);
  // Keeping what V8 compiled for the next run halves the time to start. Node does it by itself from 22.1 on; before,
  // to ask for what it can do would cost a part of that time.
  const folder = `${__dirname}/../dist`;
  const { existsSync, readFileSync } = require('node:fs');
  const { enableCompileCache } = process.version.startsWith('v20.') ? {} : require('node:module');
  if (enableCompileCache) enableCompileCache();
  if (!existsSync(`${folder}/cli.js`)) {
    // a fresh checkout; packages come with it
    process.stderr.write('error: lbctl is not built here\n  hint: npm ci in its folder builds it\n');
    process.exitCode = 3;
  } else if (enableCompileCache || isDebugging) require(`${folder}/cli.js`);
  else {
    // run as it is, as Node's own loader would look for it at length
    const { Script } = require('node:vm');
    const filename = `${folder}/code-cache.js`;
    const loader = { exports: {} };
    const run = new Script(readFileSync(filename, 'latin1'), { filename }).runInThisContext();
    run(loader.exports, require, loader, folder);
    loader.exports.runKept(folder, 'cli.js', require);
  }
}

/** Asked for by installers and scripts, so it is answered before anything is loaded; false where the program has to tell why not. */
function printVersion() {
  try {
    require('node:fs').writeSync(1, `${require('../package.json').version}\n`);
    return true;
  } catch {
    return false;
  }
}
