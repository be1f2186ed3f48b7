// The types of the library entry: the declarations that can be reached from it, and no others.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

/**
 * Declarations of `entry` (below `root`/src) and of all that it imports: path below the folder of types -> text.
 * Imports name .js files, which every resolver takes for the declarations beside them.
 */
export function declarations(root, entry) {
  const folder = mkdtempSync(join(tmpdir(), 'lbctl-types-'));
  try {
    const config = join(folder, 'tsconfig.json');
    writeFileSync(
      config,
      JSON.stringify({
        extends: join(root, 'tsconfig.json'),
        compilerOptions: {
          noEmit: false,
          declaration: true,
          emitDeclarationOnly: true,
          outDir: join(folder, 'out'),
          rootDir: join(root, 'src'),
          typeRoots: [join(root, 'node_modules/@types')],
        },
        include: [],
        files: [join(root, 'src', entry)],
      }),
    );
    const tsc = join(
      dirname(createRequire(join(root, 'package.json')).resolve('typescript/package.json')),
      'bin/tsc',
    );
    execFileSync(process.execPath, [tsc, '-p', config], { stdio: ['ignore', 'inherit', 'inherit'] });
    return reachable(join(folder, 'out'), entry.replace(/\.ts$/u, '.d.ts'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function reachable(out, first) {
  const found = new Map();
  const pending = [first];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (found.has(path)) continue;
    const text = readFileSync(join(out, path), 'utf8');
    found.set(
      path,
      text.replace(/from '(\.[^']*)\.ts'/gu, (_, target) => {
        pending.push(relative(out, resolve(out, dirname(path), `${target}.d.ts`)));
        return `from '${target}.js'`;
      }),
    );
  }
  return found;
}
