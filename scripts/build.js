// Bundles src/ into dist/, one chunk a lazily loaded part, so that a command loads only what it needs.
// Third-party code is bundled too: the installed package has no dependencies, and starts without resolving any.
import { build, transform } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { declarations } from './declarations.js';
import { manualPages } from './man.js';
import { moduleOf } from './module.js';
import { neededRules } from './needed-rules.js';
import { ownCalls } from './own-calls.js';
import { thirdPartyLicenses } from './licenses.js';

/** What stands around a chunk: Node runs it, and what src/code-cache.ts loads is the function. */
const START =
  "(run=>typeof module=='object'?run(exports,require,module,__dirname):run)((exports,require,module,__dirname)=>{\n";
const END = '});\n';

const EXPORTS = /^export \{([^}]*)\};$/m;

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

const common = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  // modules rather than CommonJS, of which all would be taken in: a client of AWS has hundreds of calls, and few are made
  mainFields: ['module', 'main'],
  target: 'node20.19',
  minifyIdentifiers: true,
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  sourcesContent: false,
  metafile: true,
  write: false,
  logLevel: 'warning',
};
const { metafile, outputFiles } = await build({
  ...common,
  // asCommonJs shortens names and takes out blanks
  minifyIdentifiers: false,
  minifyWhitespace: false,
  entryPoints: ['src/cli.ts'],
  splitting: true,
  // the digest in a name tells kept code of one build from that of another
  entryNames: '[name]',
  chunkNames: 'chunks/[name]-[hash]',
  define: { BUILT_VERSION: JSON.stringify(version) },
  // scripts for nodes travel as text
  loader: { '.sh': 'text' },
  plugins: [withoutSubprograms, ownCalls, neededRules(root)],
});
/** Commands that start often, as in hooks before each commit: all that they load is in one file. */
const PACKED = ['lint', 'generate'];
const digest = createHash('sha256');
for (const { path, text } of outputFiles.toSorted((a, b) => (a.path < b.path ? -1 : 1)))
  if (path.endsWith('.js')) digest.update(text);
// what loads the rest shares no chunk with it, as Node itself would have to find that
const loader = await build({
  ...common,
  entryPoints: ['src/code-cache.ts'],
  define: { BUILD_DIGEST: JSON.stringify(digest.digest('hex').slice(0, 16)), PACKED: JSON.stringify(PACKED) },
});
outputFiles.push(...loader.outputFiles);
const files = new Map();
const maps = new Map(
  outputFiles.filter(({ path }) => path.endsWith('.map')).map(({ path, text }) => [path, text]),
);
const changing = new Set(
  outputFiles
    .filter(({ path, text }) => path.endsWith('.js') && isChanging(text))
    .map(({ path }) => basename(path)),
);
for (const { path, text } of outputFiles) {
  if (!path.endsWith('.js')) continue;
  const { code, map } = await asCommonJs(text, maps.get(`${path}.map`));
  files.set(path, `${START}${code}${END}//# sourceMappingURL=${basename(path)}.map\n`);
  files.set(`${path}.map`, map);
}
for (const command of PACKED) files.set(`${root}dist/packs/${command}.js`, await packOf(command));
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
writeFolder('man', await manualPages(root, version));
const { documents } = await moduleOf('documents/registry.ts');
writeFolder('schemas', Object.entries(documents).map(schemaFile));

/** What a command prints under --json, for who reads it. */
function schemaFile([name, schema]) {
  const title = name === 'failure' ? 'a command of lbctl that failed' : `lbctl ${name} --json`;
  const whole = { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...schema };
  return [`${name.replaceAll(' ', '-')}.json`, `${JSON.stringify(whole, null, 2)}\n`];
}

function writeFolder(name, texts) {
  replaceFolder(`${root}${name}`, new Map([...texts].map(([file, text]) => [join(root, name, file), text])));
}

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
 * What a command loads whenever it runs, in one scope: it runs the program, and gives its chunks, by their names, to
 * those that are loaded later; and what it rehearses, if anything.
 */
async function packOf(command) {
  const entries = Object.entries(metafile.outputs).filter(([path]) => path.endsWith('.js'));
  const outputs = new Map(entries.map(([path, output]) => [basename(path), output]));
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  const [own] = [...outputs].find(([, { entryPoint }]) => entryPoint === `src/commands/${command}.ts`);
  const names = new Set();
  const add = (name) => {
    if (names.has(name)) return;
    names.add(name);
    for (const { path, kind } of outputs.get(name).imports)
      if (kind === 'import-statement' && outputs.has(basename(path))) add(basename(path));
  };
  add(own);
  add('cli.js');
  const chunks = [...names].filter((name) => name !== 'cli.js');
  const exported = chunks.map((name, chunk) => {
    const { exports } = outputs.get(name);
    const pairs = exports.map((one, index) => [one, `c${chunk}_${index}`]);
    const list = pairs.map(([one, inner]) => `${one} as ${inner}`).join(', ');
    const mark = exports.includes('default') ? ['__esModule: true'] : [];
    const given = [...mark, ...pairs.map(([one, inner]) => `${one}: ${inner}`)].join(', ');
    return { import: `import { ${list} } from './${name}';`, give: `'${name}': () => ({ ${given} })` };
  });
  const pack = await build({
    ...common,
    stdin: {
      contents: `${exported.map((one) => one.import).join('\n')}
        import './cli.js';
        ${outputs.get(own).exports.includes('rehearse') ? `export { rehearse } from './${own}';` : ''}
        export const chunks = { ${exported.map(({ give }) => give).join(',\n')} };`,
      resolveDir: root,
    },
    format: 'cjs',
    sourcemap: false,
    plugins: [
      {
        name: 'chunks',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^\./ }, ({ path, kind }) =>
            kind === 'require-call'
              ? { path: `./chunks/${basename(path)}`, external: true }
              : { path: basename(path), namespace: 'chunk' },
          );
          onLoad({ filter: /.*/, namespace: 'chunk' }, ({ path }) => ({
            contents: texts
              .get(path)
              .replaceAll(/\bimport\(("\.[^"]*")\)/g, 'Promise.resolve().then(() => require($1))'),
          }));
        },
      },
    ],
  });
  return `((exports,require,module,__dirname)=>{${pack.outputFiles[0].text}})\n`;
}

/**
 * esbuild splits ES modules alone, so the chunks are turned into CommonJS afterwards. What src/code-cache.ts loads is a
 * function of it as it stands, as putting one around would copy the text; Node's own loader runs it. All is ASCII, so that it can be read
 * as Latin-1.
 */
async function asCommonJs(text, before) {
  const inline = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(before).toString('base64')}`;
  const { code, map } = await transform(asRequires(text.replace(/\/\/# sourceMappingURL=.*\n$/u, inline)), {
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    supported: { 'dynamic-import': false },
    logOverride: { 'commonjs-variable-in-esm': 'silent' },
  });
  if (/[^\0-\x7F]/.test(code)) throw new Error('there is more than ASCII in a chunk');
  const { mappings, ...rest } = JSON.parse(map);
  return {
    code,
    // each ; is a line, and there is one more at the top
    map: JSON.stringify({ ...rest, mappings: `;${mappings}` }),
  };
}

/**
 * What chunks give each other as plain properties that are read once: esbuild makes a function of each, which is called
 * wherever the name is used. Where something that is exported gets another value later, that is left to it.
 */
function asRequires(text) {
  // lines stay where they are, for the source map
  const lines = (whole) => '\n'.repeat(whole.split('\n').length - 1);
  return text
    .replaceAll(/^import \{([^}]*)\} from ("\.[^"]*");$/gm, (whole, list, path) => {
      if (changing.has(basename(JSON.parse(path)))) return whole;
      const names = pairsOf(list).map(([theirs, own]) => `${theirs}: ${own}`);
      return `const { ${names.join(', ')} } = require(${path});${lines(whole)}`;
    })
    .replace(EXPORTS, (whole, list) => {
      if (isChanging(text)) return whole;
      const exported = pairsOf(list);
      const mark = exported.some(([, name]) => name === 'default') ? 'exports.__esModule = true; ' : '';
      return `${mark}${exported.map(([own, name]) => `exports.${name} = ${own};`).join(' ')}${lines(whole)}`;
    });
}

function pairsOf(list) {
  return list
    .split(',')
    .map((pair) => pair.trim())
    .filter(Boolean)
    .map((pair) => (pair.includes(' as ') ? pair.split(' as ') : [pair, pair]));
}

/** Whether a chunk exports what gets its value later than when it is loaded. */
function isChanging(text) {
  const [, list = ''] = EXPORTS.exec(text) ?? [];
  return pairsOf(list).some(([own]) => {
    const name = own.replaceAll('$', String.raw`\$`);
    return new RegExp(String.raw`^(?:\s*|.*[;{(] *)${name} *(?:=(?!=)|[-+*/|&?]+=|\+\+|--)`, 'm').test(text);
  });
}
