// Parts of src/ for scripts, which Node cannot run as they stand.
import { build } from 'esbuild';
import { root } from './system.js';

/** What modules of src/ export, bundled without what they load later. */
export async function moduleOf(...paths) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: paths.map((path) => `export * from './src/${path}';`).join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    define: { BUILT_VERSION: '""' },
    loader: { '.sh': 'text' },
    plugins: [{ name: 'without-the-rest', setup: ({ onResolve }) => onResolve({ filter: /.*/ }, later) }],
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

function later({ path, kind }) {
  return kind === 'dynamic-import' ? { path, external: true } : undefined;
}
