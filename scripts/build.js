// Bundles src/ into dist/, one chunk a lazily loaded part, so that a command loads only what it needs.
// Third-party code is bundled too: the installed package has no dependencies, and starts without resolving any.
import { build, transform } from 'esbuild';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declarations } from './declarations.js';
import { thirdPartyLicenses } from './licenses.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

/**
 * commander is CommonJS and can start subcommands that are programs of their own, which lbctl has none of; loading
 * Node's child_process for it would cost every start some milliseconds.
 */
const withoutSubprograms = {
  name: 'without-subprograms',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('/node_modules/commander/') ? { path: 'none', namespace: 'absent' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {}' }));
  },
};

const { metafile, outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['src/cli.ts', 'src/code-cache.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  metafile: true,
  write: false,
  // the digest in a name tells kept code of one build from that of another
  entryNames: '[name]',
  chunkNames: 'chunks/[name]-[hash]',
  define: { BUILT_VERSION: JSON.stringify(version) },
  // scripts for nodes travel as text
  loader: { '.sh': 'text' },
  plugins: [withoutSubprograms],
  logLevel: 'warning',
});
const files = new Map();
const maps = new Map(
  outputFiles.filter(({ path }) => path.endsWith('.map')).map(({ path, text }) => [path, text]),
);
for (const { path, text } of outputFiles) {
  if (!path.endsWith('.js')) continue;
  const { code, map } = await asCommonJs(text, maps.get(`${path}.map`));
  files.set(path, `${code}//# sourceMappingURL=${basename(path)}.map\n`);
  files.set(`${path}.map`, map);
}
// Only CommonJS code can be kept compiled from one run to the next (see src/code-cache.ts).
files.set(`${root}dist/package.json`, '{ "type": "commonjs" }\n');
// What other programs import is ES modules, with types.
const library = await build({
  absWorkingDir: root,
  entryPoints: { library: 'src/library.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2023',
  define: { BUILT_VERSION: JSON.stringify(version) },
  write: false,
  logLevel: 'warning',
});
for (const { path, text } of library.outputFiles) files.set(path, text);
for (const [path, text] of declarations(root, 'library.ts')) files.set(join(root, 'dist/types', path), text);
files.set(`${root}dist/meta.json`, JSON.stringify(metafile));
files.set(`${root}dist/THIRD-PARTY-LICENSES.txt`, thirdPartyLicenses(root, metafile));
replaceFolder(`${root}dist`, files);

/** Every file is whole at any time, as a program that runs may be loading them; what is left over goes last. */
function replaceFolder(folder, files) {
  for (const [path, text] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, text);
    renameSync(`${path}.${process.pid}`, path);
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    // what ends in a number is being written by another build
    if (entry.isFile() && !files.has(path) && !/\.\d+$/.test(path)) rmSync(path, { force: true });
  }
}

/**
 * esbuild splits ES modules alone, so the chunks are turned into CommonJS afterwards. What src/code-cache.ts loads is a
 * function of it as it stands, as putting one around would copy the text; Node's own loader runs it.
 */
async function asCommonJs(text, before) {
  const inline = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(before).toString('base64')}`;
  const { code, map } = await transform(text.replace(/\/\/# sourceMappingURL=.*\n$/u, inline), {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    supported: { 'dynamic-import': false },
  });
  const { mappings, ...rest } = JSON.parse(map);
  return {
    code: `(run=>typeof module=='object'?run(exports,require,module,__dirname):run)((exports,require,module,__dirname)=>{\n${code}});\n`,
    // each ; is a line, and there is one more at the top
    map: JSON.stringify({ ...rest, mappings: `;${mappings}` }),
  };
}
