// What rules need: directives without which they find nothing. Rules are functions over the model, so one that has asked
// an empty configuration for nothing but directives of some names, and has found none, does the same wherever none of
// these stands. The built program loads and runs the others alone.
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const REGISTRY = 'src/lib/lint/rules/registry.ts';

const BEHIND = [undefined, 'none', 'nlb', 'nlb-proxy', 'alb'];
const VERSIONS = Array.from({ length: 14 }, (_, minor) =>
  [0, 1, 2, 3, 4, 5, 7, 9, 13].map((patch) => `1.${18 + minor}.${patch}`),
).flat();

/** What a run of a rule has asked: names of directives; nothing is known of it when it has looked at more than that. */
class Asked {
  names = new Set();
  more = false;
  settings = false;
}

/** A plugin of esbuild: rules become functions that make them, and only those that are needed are called. */
export function neededRules(root) {
  let contents;
  return {
    name: 'needed-rules',
    setup({ onLoad }) {
      onLoad({ filter: /\/src\/lib\/lint\/rules\/needed\.ts$/ }, async ({ path }) => ({
        contents: (contents ??= await moduleOf(root)),
        loader: 'ts',
        resolveDir: dirname(path),
      }));
      onLoad({ filter: /\/src\/lib\/lint\/rules\/registry\.ts$/ }, ({ path }) => ({
        contents: `${readFileSync(path, 'utf8').replace(/(export const rules): [^=]*=([^;]*);/, '$1 = ($2).map((make) => make());')}`,
        loader: 'ts',
      }));
      onLoad({ filter: /\/src\/lib\/lint\/rules\/[a-z]+\/[^/]+\.ts$/ }, ({ path }) => ({
        contents: asFunction(path),
        loader: 'ts',
      }));
    },
  };
}

/** The module of a rule as a function that makes it when it is called first, with all that stands beside it. */
function asFunction(path) {
  const text = readFileSync(path, 'utf8');
  const [imports] = /^(?:import [^;]*;\n)+/.exec(text);
  const rest = text.slice(imports.length);
  const [, constant] = /^export const (\w+)/m.exec(rest);
  const inside = rest.replace(/^export const \w+/m, 'const rule');
  if (/^(?:export|import) /m.test(inside)) throw new Error(`${path} is more than a rule`);
  return `${imports}
    let made;
    export function ${constant}() {
      if (made) return made;
      ${inside}
      return (made = rule);
    }`;
}

async function moduleOf(root) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: `export { rules } from './src/lib/lint/rules/registry.ts';
        export { builtIn } from './src/lib/lint/rules/built-in.ts';
        export { run } from './src/lib/lint/engine/rule.ts';
        export { modelOf } from './src/lib/lint/model/model.ts';
        export { loadConfiguration } from './src/lib/nginx/include/load.ts';
        export { Context } from './src/lib/nginx/directives/contexts.ts';`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    define: { BUILT_VERSION: '""' },
  });
  const code = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`;
  const { rules, builtIn, ...parts } = await import(code);
  const registry = readFileSync(join(root, REGISTRY), 'utf8');
  const imports = [...registry.matchAll(/^import \{ (\w+) \} from '\.\/(.*)\.ts';$/gm)];
  const makers = new Map(imports.map(([, constant, id]) => [id, constant]));
  const rows = rules.map((rule) => [rule.id, needs(rule, parts).join(' '), makers.get(rule.id)]);
  const severities = [...builtIn, ...rules].map(({ id, severity }) => `${id} ${severity}`);
  return `import type { Severity } from '../engine/finding.ts';
    import type { Rule } from '../engine/rule.ts';
    ${imports.map(([line]) => line).join('\n')}
    const SEVERITIES = ${JSON.stringify(`\n${severities.join('\n')}\n`)};
    const RULES = [${rows.map(([id, names, maker]) => `'${id}', '${names}', ${maker},`).join('\n')}];
    export function neededRules(has) {
      const rules = [];
      for (let at = 0; at < RULES.length; at += 3)
        if (RULES[at + 1] === '' || RULES[at + 1].split(' ').some(has)) rules.push(RULES[at + 2]());
      return rules;
    }
    export function severityOfRule(id) {
      const at = SEVERITIES.indexOf(\`\\n\${id} \`);
      if (at < 0) return undefined;
      const start = at + id.length + 2;
      return SEVERITIES.slice(start, SEVERITIES.indexOf('\\n', start));
    }
    export function summaryOfRule(id) {
      const at = RULES.indexOf(id);
      return at < 0 ? undefined : RULES[at + 2]().summary;
    }
    export function ruleIds() {
      return SEVERITIES.trim().split('\\n').map((line) => line.split(' ')[0]);
    }
  `;
}

/** Directives of which one must stand somewhere for a rule to find anything; empty where that is not known. */
function needs(rule, parts) {
  const names = new Set();
  const add = (settings, whole) => {
    const asked = ask(rule, parts, settings, whole);
    for (const name of asked.names) names.add(name);
    return asked;
  };
  const usual = { target: { version: '1.30.4', plus: false }, behind: undefined };
  const first = [add(usual, true), add(usual, false)];
  if (first.some(({ more }) => more)) return [];
  const settings = BEHIND.flatMap((behind) =>
    VERSIONS.flatMap((version) => [true, false].map((plus) => ({ target: { version, plus }, behind }))),
  );
  for (const one of first.some(({ settings: looked }) => looked) ? settings : [])
    for (const whole of [true, false]) if (add(one, whole).more) return [];
  return [...names];
}

/** Runs a rule over an empty configuration. */
function ask(rule, { run, modelOf, loadConfiguration, Context }, { target, behind }, whole) {
  const asked = new Asked();
  const configuration = loadConfiguration('/empty', { read: () => '', list: () => [] });
  const model = new Proxy(modelOf(configuration, whole ? Context.main : Context.http), {
    get(inner, name, own) {
      if (name === 'named')
        return (directive) => {
          asked.names.add(directive);
          return inner.named(directive);
        };
      if (
        !['whole', 'upstreams', 'routes', 'variables', 'upstream'].includes(name) &&
        !String(name).endsWith('Made')
      )
        asked.more = true;
      return Reflect.get(inner, name, own);
    },
  });
  const settings = {
    get target() {
      asked.settings = true;
      return target;
    },
    get behind() {
      asked.settings = true;
      return behind;
    },
  };
  const watched = {
    ...rule,
    check: (context) => {
      const { report, number, list } = context;
      rule.check({
        model,
        report,
        number,
        list,
        get target() {
          return settings.target;
        },
        get behind() {
          return settings.behind;
        },
      });
    },
  };
  const found = run(watched, model, { target, behind, options: undefined });
  if (found.length > 0) asked.more = true;
  return asked;
}
