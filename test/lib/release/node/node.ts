import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Node } from '../../../../src/lib/release/node/place.ts';
import { localTransport } from '../../../../src/lib/release/transports/local.ts';
import { request } from '../../../support/client.ts';
import { type Files, temporaryFolder, writeFiles } from '../../../support/folder.ts';
import { atEnd } from '../../../support/lifetime.ts';
import { freePort } from '../../../support/ports.ts';
import { endNginx } from '../../../support/processes.ts';
import { findNginx } from '../../../support/tools.ts';
import { until } from '../../../support/wait.ts';

/** What is done on a node, as lbctl sends it there. */
export const SCRIPT = join(import.meta.dirname, '../../../../src/lib/release/node/node.sh');

/** What one run of the script told. */
export interface Told {
  readonly code: number | null;
  /** Lines of standard output, by their words. */
  readonly lines: readonly (readonly string[])[];
  readonly stderr: string;
  /** Rest of the first line that begins with a word; undefined where there is none. */
  first(word: string): string | undefined;
  /** Of all of them. */
  all(word: string): string[];
  readonly outcome: string | undefined;
}

interface Begun {
  readonly told: Promise<Told>;
  /** Waits until it says that a step begins. */
  reached(phase: string): Promise<void>;
}

interface RunSettings {
  readonly settings?: Readonly<Record<string, string | number>>;
  readonly input?: Uint8Array;
  /** Program and arguments in front of the script; `sh` by default. */
  readonly shell?: readonly string[];
  /** Another script than the one that is sent to nodes. */
  readonly script?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface ReleaseParts {
  /** Directives of the server. */
  readonly server?: string;
  /** Directives of the http block. */
  readonly http?: string;
  /** Directives of the main context. */
  readonly main?: string;
  /** Lines of the manifest beside the mark, instead of the one listener. */
  readonly manifest?: readonly string[];
  /** Further lines of the manifest. */
  readonly also?: readonly string[];
  readonly files?: Files;
  /** Left out of the server's block, where a whole other one is in `http`. */
  readonly listen?: string;
}

export interface TestNode {
  readonly folder: string;
  readonly root: string;
  readonly link: string;
  readonly log: string;
  readonly port: number;
  readonly mark: number;
  /** The command that starts its NGINX. */
  readonly start: string;
  /** As lbctl reaches it, from this machine. */
  readonly place: Node;
  run(verb: string, options?: RunSettings): Promise<Told>;
  /** Starts a run and does not wait for it. */
  begin(verb: string, options?: RunSettings): Begun;
  /** Runs `activate` of a release, watched for no time unless said otherwise. */
  activate(release: string, options?: RunSettings): Promise<Told>;
  /** Makes a release and has the node receive it. */
  add(release: string, parts?: ReleaseParts): Promise<void>;
  /** A tar archive of a release. */
  archive(release: string, parts?: ReleaseParts): Promise<Buffer>;
  /** What the listener answers. */
  served(): Promise<string>;
  master(): Promise<number>;
  history(): Promise<string[][]>;
  /** What is in ROOT and beside the link that a finished run must not leave there. */
  leftovers(): Promise<string[]>;
  errorLog(): Promise<string>;
}

export interface NodeOptions {
  /** NGINX loads a file that was there before lbctl came, as installed by a package; otherwise the link in ROOT. */
  readonly system?: boolean;
  /** Where ROOT and the link are, instead of a temporary folder. */
  readonly folder?: string;
  /** Another NGINX than that of the machine. */
  readonly nginx?: string;
  /** What release `first` is. */
  readonly first?: ReleaseParts;
}

/** A running NGINX of its own, with release `first` in place (or a file of before); it ends with the tests of the file. */
export async function startNode({
  system = false,
  folder: given,
  nginx = findNginx()!,
  first = {},
}: NodeOptions = {}): Promise<TestNode> {
  const folder = given ?? (await temporaryFolder());
  const home = await temporaryFolder();
  const root = join(folder, 'lbctl');
  const [port, mark] = [await freePort(), await freePort()];
  const link = system ? join(folder, 'etc/nginx.conf') : join(root, 'current');
  const log = join(home, 'error.log');
  const pid = join(home, 'nginx.pid');
  const options = ['-p', `${home}/`, '-e', log];
  const loads = system ? link : join(link, 'nginx.conf');
  const start = [nginx, ...options, '-c', loads].join(' ');

  const config = (id: string, parts: ReleaseParts): string => `
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 2;
pid ${pid};
error_log ${log};
${parts.main ?? ''}
events { worker_connections 512; }
http {
    access_log off;
    client_body_temp_path ${home}/body; proxy_temp_path ${home}/proxy; fastcgi_temp_path ${home}/fastcgi;
    uwsgi_temp_path ${home}/uwsgi; scgi_temp_path ${home}/scgi;
    server { listen 127.0.0.1:${mark}; location = /release { return 200 "${id}\\n"; } }
    ${parts.http ?? ''}
    include ${system ? `${root}/releases/${id}/` : ''}conf.d/*.conf;
}
`;
  const contents = (id: string, parts: ReleaseParts): Files => ({
    'nginx.conf': config(id, parts),
    'conf.d/server.conf': `server { listen ${parts.listen ?? `127.0.0.1:${port}`}; ${parts.server ?? `location / { return 200 "${id}\\n"; }`} }\n`,
    manifest: [
      `mark 127.0.0.1 ${mark}`,
      ...(parts.manifest ?? [`listener http 127.0.0.1 ${port} 200 /`]),
      ...(parts.also ?? []),
      '',
    ].join('\n'),
    ...parts.files,
  });

  const place: Node = {
    transport: localTransport(),
    root,
    link,
    leaf: system ? 'nginx.conf' : '',
    nginx,
    options: options.join('\n'),
    pid,
    log,
    start,
    group: '',
  };
  const begin = (
    verb: string,
    { settings = {}, input, shell = ['sh'], script = SCRIPT, env = process.env }: RunSettings = {},
  ): Begun => {
    const { transport: _transport, root: _root, ...usual } = place;
    const words = Object.entries({ ...usual, ...settings }).map(([name, value]) => `${name}=${value}`);
    const [program = '', ...args] = [...shell, script, verb, root, ...words];
    const { NGINX: _, ...rest } = env;
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: rest });
    let text = '';
    child.stdout.on('data', (chunk: string) => (text += chunk));
    return {
      told: listen(child, input),
      reached: async (phase) => void (await until(phase, () => text.includes(`step\t${phase}\t`), 15_000)),
    };
  };
  const run: TestNode['run'] = (verb, options_) => begin(verb, options_).told;
  const archive = async (id: string, parts: ReleaseParts = {}): Promise<Buffer> => tar(contents(id, parts));

  if (system) {
    const before = config('before', {}).replace(
      /include .*$/mu,
      `server { listen 127.0.0.1:${port}; return 200 "before\\n"; }`,
    );
    await writeFiles(folder, { 'etc/nginx.conf': before, 'etc/mime.types': 'types { }\n' });
  } else {
    await writeFiles(join(root, 'releases/first'), contents('first', first));
    await symlink('releases/first', link);
  }
  await mkdir(root, { recursive: true });
  const { status, stderr } = spawnSync('sh', ['-c', start], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const master = async (): Promise<number> => Number(await readFile(pid, 'utf8'));
  atEnd(() => endNginx(home));

  const node: TestNode = {
    folder,
    root,
    link,
    log,
    port,
    mark,
    start,
    place,
    run,
    begin,
    activate: (release, { settings, ...rest } = {}) =>
      run('activate', { ...rest, settings: { release, watch: 0, ...settings } }),
    archive,
    async add(release, parts) {
      const told = await run('receive', { settings: { release }, input: await archive(release, parts) });
      if (told.code !== 0) throw new Error(JSON.stringify(told));
    },
    served: async () => (await request({ port })).body.trim(),
    master,
    history: async () => (await lines(join(root, 'history'))).map((line) => line.split('\t')),
    async leftovers() {
      const known = new Set(['releases', 'before', 'history', 'drained', 'live', 'current']);
      const places = [
        [root, (name: string) => !known.has(name)],
        [join(root, 'releases'), (name: string) => name.startsWith('.')],
        [join(link, '..'), (name: string) => name.endsWith('.lbctl')],
      ] as const;
      const found = await Promise.all(
        places.map(async ([place, isLeft]) => (await readdir(place)).filter(isLeft)),
      );
      return found.flat();
    },
    errorLog: () => readFile(log, 'utf8'),
  };
  await until('NGINX answers', () => node.served().catch(() => false as const));
  return node;
}

async function lines(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1);
}

function listen(child: ChildProcess, input: Uint8Array | undefined): Promise<Told> {
  let [stdout, stderr] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin!.on('error', () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const told = stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split('\t'));
      const all = (word: string): string[] =>
        told.filter(([begin]) => begin === word).map(([, ...rest]) => rest.join('\t'));
      const outcome = all('outcome').at(-1);
      resolve({ code, lines: told, stderr, first: (word) => all(word)[0], all, outcome });
    });
  });
}

/** Files as a tar archive, made by the system's tar. */
export async function tar(files: Files, options: readonly string[] = []): Promise<Buffer> {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  const { status, stdout, stderr } = spawnSync('tar', ['-cf', '-', '-C', folder, ...options, '.']);
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}

/** The script with another text somewhere, in a file of its own. */
export async function variant(change: (script: string) => string): Promise<string> {
  const path = join(await temporaryFolder(), 'node.sh');
  await writeFile(path, change(await readFile(SCRIPT, 'utf8')));
  return path;
}
