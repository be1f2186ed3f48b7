import { remarkLines } from '../lib/balancer/remarks/remarks.ts';
import type { Balancer } from '../lib/balancer/schema/balancer.ts';
import { UserError } from '../lib/errors.ts';
import { systemLayout } from '../lib/render/layout.ts';
import { render } from '../lib/render/render.ts';
import { loadBalancer } from '../lib/source/load.ts';
import type { Invocation, Outcome } from './command.ts';
import { withServers } from './found.ts';
import { writeOut } from './generate/write-out.ts';

/** `--json`: `{schemaVersion, name, digest, files: [{path, mode, content}]}`; content is left out where it is secret. */
export async function run(invocation: Invocation): Promise<Outcome> {
  const { terminal, options } = invocation;
  const { target = 'nginx' } = options;
  if (target === 'cloudformation')
    return (await import('./generate/cloudformation.ts')).generateTemplates(invocation);
  if (target !== 'nginx')
    throw new UserError('usage', 'unknown-target', `there is no target ${String(target)}`, {
      hint: 'take --target nginx or --target cloudformation',
    });
  const { balancer, folder } = await withServers(await loadBalancer(invocation));
  const tree = render(balancer, systemLayout(balancer.nginx.user));
  const out = options['out'];
  if (typeof out !== 'string' && !terminal.json) {
    terminal.printDocument(
      tree.files.map(({ path, content }) => `# configuration file ${path}:\n${content}`).join('\n'),
    );
    for (const { path, source } of tree.assets)
      terminal.note(`${path} comes from ${source} and is not shown; --out writes it too`);
    tell(invocation, balancer);
    return 0;
  }
  // needed for files alone: printing starts faster without
  const { buildRelease } = await import('../lib/release/build.ts');
  const release = await buildRelease(tree, folder);
  if (typeof out === 'string') await writeOut(invocation, out, release.files);
  if (terminal.json) {
    const files = release.files.map(({ path, mode, content }) => ({
      path,
      mode: mode.toString(8).padStart(4, '0'),
      ...(mode === 0o600 ? {} : { content: Buffer.from(content).toString('utf8') }),
    }));
    terminal.printJson({ name: balancer.name, digest: release.digest, files });
  } else {
    for (const { path } of release.files) terminal.note(`  ${path}`);
    terminal.note(
      `wrote ${release.files.length} files of ${balancer.name} (${release.digest}) to ${String(out)}`,
    );
    tell(invocation, balancer);
  }
  return 0;
}

function tell({ terminal }: Invocation, balancer: Balancer): void {
  for (const line of remarkLines(balancer)) terminal.note(`${terminal.noteStyle.yellow('!')} ${line}`);
}
