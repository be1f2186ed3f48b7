// Clients of AWS describe all that a service knows in one module, as arrays whose keys stand in variables. A bundler must
// take these for code that does something, and keeps them all: hundreds of calls, of which few are made.
import { readFileSync } from 'node:fs';

const SHAPE = /^((?:export )?var [\w$]+ = )(\[.*\]|\[[^]*?^\]|\{[^]*?^\});$/gmu;

/** A plugin of esbuild: of the descriptions in a client of AWS, those alone are taken in that its calls lead to. */
export const ownCalls = {
  name: 'own-calls',
  setup({ onLoad }) {
    onLoad({ filter: /\/@aws-sdk\/[^/]+\/dist-es\/schemas\/[^/]+\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(SHAPE, '$1/* @__PURE__ */ (() => ($2))();'),
    }));
  },
};
