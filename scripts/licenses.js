// The licence texts of every package whose code ended up in the bundle.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Text of the notices file: one section a bundled package, in name order. */
export function thirdPartyLicenses(root, metafile) {
  const folders = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const at = input.lastIndexOf('node_modules/');
    if (at < 0) continue;
    const [scopeOrName, name] = input.slice(at + 'node_modules/'.length).split('/');
    folders.add(
      input.slice(0, at) +
        'node_modules/' +
        (scopeOrName.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName),
    );
  }
  return [...folders]
    .toSorted()
    .map((folder) => section(`${root}/${folder}`))
    .join('\n');
}

function section(folder) {
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const text =
    file && existsSync(`${folder}/${file}`)
      ? readFileSync(`${folder}/${file}`, 'utf8').trim()
      : `Licence: ${manifest.license}`;
  return `${'='.repeat(78)}\n${manifest.name} ${manifest.version} (${manifest.license})\n${'='.repeat(78)}\n${text}\n`;
}
