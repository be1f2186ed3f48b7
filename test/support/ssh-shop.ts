import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lbctl, type Run } from './cli.ts';
import { type Files, temporaryFolder } from './folder.ts';
import type { Host } from './host.ts';

/** A balancer on machines that are reached by ssh, driven as users drive it. */
export interface SshShop {
  readonly folder: string;
  /** Nodes as messages name them. */
  readonly names: readonly string[];
  /** Writes lb.yaml: a body that every request is answered with, and further top keys. */
  write(body: string, more?: { keys?: string; paths?: string }): Promise<void>;
  run(...args: string[]): Promise<Run>;
  /** `deploy --yes`, watched for no time. */
  deploy(...args: string[]): Promise<Run>;
  status(): Promise<{
    running: boolean;
    serving: string | null;
    described: string | null;
    nodes: { node: string; pid: number | null; release: string | null; problem: string | null }[];
    certificates: { name: string; node: string; hosts: string[] }[];
    upstreams: { name: string; servers: { address: string; state: string }[] }[];
    remarks: string[];
  }>;
}

/** @param files beside lb.yaml. */
export async function newSshShop(hosts: readonly Pick<Host, 'sshd'>[], files: Files = {}): Promise<SshShop> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const nodes = hosts.map(({ sshd }) => sshd.destination());
  // one configuration has the keys of all machines, as one person has
  const keys = hosts.map(({ sshd }) => `IdentityFile ${sshd.key}\nUserKnownHostsFile ${sshd.knownHosts}`);
  const matches = hosts.map(({ sshd }, index) => `Match exec "test %p = ${sshd.port}"\n${keys[index]}`);
  const config = 'Host *\nIdentitiesOnly yes\nIdentityAgent none\nGlobalKnownHostsFile /dev/null\n';
  await writeFile(join(folder, 'ssh_config'), `${config}${matches.join('\n')}\n`);
  const run = (...args: string[]) => lbctl(args, { cwd: folder });
  return {
    folder,
    names: nodes.map((node) => node.slice('ssh://'.length)),
    write: (body, { keys: more = '', paths } = {}) =>
      writeFile(
        join(folder, 'lb.yaml'),
        `name: shop
provider: ssh
nodes: [${nodes.join(', ')}]
ssh: { config: ssh_config }
listeners: { http: { port: 80 } }
${more}
routes: [{ paths: { ${[`/: { respond: { body: "${body}" } }`, ...(paths ? [paths] : [])].join(', ')} } }]
`,
      ),
    run,
    deploy: (...args) => run('deploy', '--yes', '--watch', '0', ...args),
    status: async () =>
      JSON.parse((await run('status', '--json')).stdout) as Awaited<ReturnType<SshShop['status']>>,
  };
}
