import { openSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { find, freePort, lbctl, start, startNginx, TEMPORARY_FOLDERS } from './processes.js';

/** A server that answers as fast as can be, in one process, so that a single signal kills it. */
export async function startBackend(folder, port) {
  const configuration = `master_process off;
pid nginx.pid;
error_log error.log;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_requests 10000000;
    ${TEMPORARY_FOLDERS}
    server { listen 127.0.0.1:${port} backlog=4096; return 200 "ok\\n"; }
}
`;
  return startNginx(folder, configuration, port);
}

/** The balancer that lbctl renders and runs, with its defaults. */
export async function startLbctl(folder, backends, options = '') {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const write = (extra, version) =>
    writeFileSync(join(folder, 'lb.yaml'), lbYaml(port, backends, extra, version));
  write(options, 0);
  await lbctl(folder, 'up', '--yes');
  return {
    port,
    /** Moves to another configuration, as a user does: change lb.yaml, run up. */
    async change(version, extra = '') {
      write(extra, version);
      await lbctl(folder, 'up', '--yes');
    },
    stop: () => lbctl(folder, 'down', '--yes'),
  };
}

function lbYaml(port, backends, options, version) {
  const headers = version === 0 ? '' : `response_headers: { X-Version: "${version}" }, `;
  return `name: bench
listeners: { http: { port: ${port} } }
upstreams:
  web: { ${options}servers: [${backends.map((backend) => `"127.0.0.1:${backend.port}"`).join(', ')}] }
routes: [{ ${headers}paths: { /: web } }]
`;
}

/**
 * The configuration of the AWS article "Deploying an Nginx-based HTTP/HTTPS load balancer with Amazon Lightsail" in the
 * nginx.conf that Debian and Ubuntu ship.
 */
export async function startArticle(folder, backends) {
  const port = await freePort();
  const servers = backends.map((backend) => `server 127.0.0.1:${backend.port} max_fails=3 fail_timeout=30s;`);
  const configuration = `worker_processes auto;
pid nginx.pid;
error_log error.log;
events { worker_connections 768; }
http {
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;
    default_type application/octet-stream;
    access_log access.log;
    gzip on;
    ${TEMPORARY_FOLDERS}
    upstream web { ${servers.join(' ')} }
    server {
        listen ${port};
        location / { proxy_pass http://web; }
    }
}
`;
  return startNginx(folder, configuration, port);
}

/** HAProxy with kept connections on both sides, logging requests to a file; undefined where it is not installed. */
export async function startHaproxy(folder, backends) {
  const program = find('haproxy');
  if (program === undefined) return undefined;
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const servers = backends.map((backend, index) => `    server s${index} 127.0.0.1:${backend.port}`);
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(
    file,
    `global
    log stdout format raw local0
defaults
    mode http
    log global
    option httplog
    option http-keep-alive
    http-reuse always
    timeout connect 5s
    timeout client 50s
    timeout server 50s
listen web
    bind 127.0.0.1:${port}
    balance roundrobin
${servers.join('\n')}
`,
  );
  return start(program, ['-f', file, '-db'], port, openSync(join(folder, 'access.log'), 'a'));
}
