// Bundles src/cli.ts into dist/, one chunk a lazily loaded part, so that a command loads only what it needs.
// Third-party code is bundled too: the installed package has no dependencies, and starts without resolving any.
import { build } from 'esbuild';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { thirdPartyLicenses } from './licenses.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

rmSync(`${root}/dist`, { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: ['src/cli.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
  chunkNames: 'chunks/[name]-[hash]',
  define: { LBCTL_VERSION: JSON.stringify(version) },
  // yaml's build for Node is CommonJS and cannot be tree-shaken; its browser build is the same code as ES modules.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  // CommonJS dependencies (commander) reach Node's own modules through require.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  logLevel: 'warning',
});
writeFileSync(`${root}/dist/meta.json`, JSON.stringify(result.metafile));
writeFileSync(`${root}/dist/THIRD-PARTY-LICENSES.txt`, thirdPartyLicenses(root, result.metafile));
