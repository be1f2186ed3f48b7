import { spawnSync } from 'node:child_process';
import { readFile, symlink } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import type { ReleaseFile } from '../../../../src/lib/release/build.ts';
import type { Node } from '../../../../src/lib/release/node/place.ts';
import { rollOut, type Watcher } from '../../../../src/lib/release/rollout/roll-out.ts';
import { survey } from '../../../../src/lib/release/rollout/survey.ts';
import { targetsOf } from '../../../../src/lib/release/rollout/target.ts';
import { localTransport } from '../../../../src/lib/release/transports/local.ts';
import type { Transport } from '../../../../src/lib/release/transports/transport.ts';
import { temporaryFolder, writeFiles } from '../../../support/folder.ts';
import { atEnd } from '../../../support/lifetime.ts';
import { freePort } from '../../../support/ports.ts';
import { findNginx } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';

export const [FIRST, SECOND] = ['1111111111111111', '2222222222222222'] as const;

/** What a release does on a node: `ill` does not answer as it should, `wrong` is refused by NGINX. */
type Health = 'well' | 'ill' | 'wrong';

export interface FleetNode {
  readonly name: string;
  readonly node: Node;
  files(release: string, health?: Health): ReleaseFile[];
  /** The release that answers. */
  served(): Promise<string>;
  /** Who did what with which release, and how it ended; oldest first. */
  history(): Promise<string[]>;
  kill(): Promise<void>;
}

/**
 * As many nodes, each with an NGINX of one worker on an address of its own, that serve release FIRST. They end with the
 * tests of the file.
 * @param way how they are reached, by their places from 0 on; as this machine when left out.
 */
export async function startFleet(
  count: number,
  way: (index: number) => Transport = (index) => ({ ...localTransport(), name: `lb${index + 1}` }),
  /** Whether they serve a file named `before`, as installed by a package, instead of FIRST. */
  system = false,
): Promise<FleetNode[]> {
  const port = await freePort();
  const nodes: FleetNode[] = [];
  for (let index = 0; index < count; index++) nodes.push(await startNode(index, port, way(index), system));
  return nodes;
}

async function startNode(
  index: number,
  port: number,
  transport: Transport,
  system: boolean,
): Promise<FleetNode> {
  const home = await temporaryFolder();
  const root = join(home, 'lbctl');
  const address = `127.0.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`;
  const link = system ? join(home, 'etc/nginx.conf') : join(root, 'current');
  const [log, pid] = [join(home, 'error.log'), join(home, 'nginx.pid')];
  const options = ['-p', `${home}/`, '-e', log];
  const start = [findNginx()!, ...options, '-c', system ? link : join(link, 'nginx.conf')].join(' ');
  const files: FleetNode['files'] = (release, health = 'well') => {
    const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (use) => `${use}_temp_path ${home}/${use};`,
    );
    const config = `
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${pid};
error_log ${log};
events { worker_connections 64; }
http {
    access_log off; ${temp.join(' ')}
    server {
        listen ${address}:${port};
        location = /release { return 200 "${release}\\n"; }
        location / { return ${health === 'ill' ? 500 : 200} "${health}\\n"; }
    }
    ${health === 'wrong' ? 'no_such_directive;' : ''}
}
`;
    const manifest = `mark ${address} ${port}\nlistener http ${address} ${port} 200 /\n`;
    return [
      { path: 'nginx.conf', content: Buffer.from(config), mode: 0o644 },
      { path: 'manifest', content: Buffer.from(manifest), mode: 0o644 },
    ];
  };
  if (system) {
    await writeFiles(home, { 'etc/nginx.conf': files('before')[0]!.content });
  } else {
    const first = files(FIRST).map(({ path, content }) => [`releases/${FIRST}/${path}`, content]);
    await writeFiles(root, Object.fromEntries(first) as Record<string, Uint8Array>);
    await symlink(`releases/${FIRST}`, link);
  }
  const { status, stderr } = spawnSync('sh', ['-c', start], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const kill = async (): Promise<void> => {
    const master = Number(await readFile(pid, 'utf8').catch(() => '0'));
    if (master === 0) return;
    process.kill(master, 'SIGTERM');
    await until(
      'NGINX has ended',
      () =>
        readFile(pid).then(
          () => false,
          () => true,
        ),
      10_000,
    );
  };
  atEnd(kill);
  return {
    name: transport.name,
    node: {
      transport,
      root,
      link,
      leaf: system ? 'nginx.conf' : '',
      nginx: findNginx()!,
      options: options.join('\n'),
      pid,
      log,
      start,
      group: '',
    },
    files,
    served: () => ask(`http://${address}:${port}/release`),
    async history() {
      const text = await readFile(join(root, 'history'), 'utf8').catch(() => '');
      return text
        .split('\n')
        .slice(0, -1)
        .map((line) => {
          const [, , action, release, , outcome] = line.split('\t');
          return `${action} ${release} ${outcome}`;
        });
    },
    kill,
  };
}

function ask(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = get(url, { agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve(text.trim()));
    });
    sent.on('error', reject);
  });
}

interface Settings {
  readonly batch?: number;
  readonly maxErrors?: number;
  readonly pause?: number;
  /** What the release does on a node, by its place. */
  readonly health?: (index: number) => Health;
  readonly watcher?: Partial<Watcher>;
  readonly signal?: AbortSignal;
}

/** Rolls release SECOND out, watched for no time. */
export async function roll(fleet: readonly FleetNode[], settings: Settings = {}): ReturnType<typeof rollOut> {
  const { batch = 1, maxErrors = 0, pause = 0, health = () => 'well', watcher, signal } = settings;
  const about = { author: 'ann@desk', message: 'test', source: 'lb.yaml' };
  const surveyed = await survey(fleet.map(({ node }) => node));
  const targets = targetsOf(surveyed, ({ node }) => {
    const index = fleet.findIndex((one) => one.node === node);
    const files = fleet[index]!.files(SECOND, health(index));
    return { id: SECOND, files, isThere: false, activation: { action: 'deploy', about, watch: 0, wait: 0 } };
  });
  const none = (): void => undefined;
  return rollOut(targets, {
    limits: { batch, maxErrors },
    pause,
    watcher: { brings: none, progress: none, settled: none, note: none, ...watcher },
    signal: signal ?? new AbortController().signal,
  });
}

/** Outcomes of all nodes, in their order. */
export function outcomes({ nodes }: Awaited<ReturnType<typeof rollOut>>): string[] {
  return nodes.map(({ outcome }) => outcome);
}

/** Works with nodes, and lets go of their connections at the end. */
export async function closing<Result>(
  fleet: readonly FleetNode[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } finally {
    await Promise.all(fleet.map(({ node }) => node.transport.close()));
  }
}
