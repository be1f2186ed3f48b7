import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { find, freePort, TEMPORARY_FOLDERS } from './processes.js';

/** Name of a release by its number. */
export function idOf(release) {
  return String(release).padStart(16, '0');
}

/** NGINX of one worker each, on addresses from 127.0.2.1 on, which serve release 1. */
export async function startNodes(folder, count) {
  const port = await freePort();
  return Array.from({ length: count }, (_, index) => startNode(folder, index, port));
}

function startNode(folder, index, port) {
  const home = join(folder, `lb${index + 1}`);
  const root = join(home, 'lbctl');
  const address = `127.0.2.${index + 1}`;
  const [link, log, pid] = [join(root, 'current'), join(home, 'error.log'), join(home, 'nginx.pid')];
  const options = ['-p', `${home}/`, '-e', log];
  const start = [find('nginx'), ...options, '-c', join(link, 'nginx.conf')].join(' ');
  const files = (release) => {
    const config = `
${process.getuid() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${pid};
error_log ${log};
events { worker_connections 64; }
http {
    access_log off; ${TEMPORARY_FOLDERS}
    server { listen ${address}:${port}; return 200 "${idOf(release)}\\n"; }
}
`;
    const manifest = `mark ${address} ${port}\nlistener http ${address} ${port} 200 /\n`;
    return [
      { path: 'nginx.conf', content: Buffer.from(config), mode: 0o644 },
      { path: 'manifest', content: Buffer.from(manifest), mode: 0o644 },
    ];
  };
  const first = join(root, 'releases', idOf(1));
  mkdirSync(first, { recursive: true });
  mkdirSync(join(home, 'temp'));
  for (const { path, content } of files(1)) writeFileSync(join(first, path), content);
  symlinkSync(`releases/${idOf(1)}`, link);
  const { status, stderr } = spawnSync('sh', ['-c', start], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const node = {
    root,
    link,
    leaf: '',
    nginx: find('nginx'),
    options: options.join('\n'),
    pid,
    log,
    start,
    group: '',
  };
  return { address, node, files, stop: () => process.kill(Number(readFileSync(pid, 'utf8')), 'SIGTERM') };
}
