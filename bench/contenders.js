import { openSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { find, freePort, lbctl, start, startNginx, TEMPORARY_FOLDERS } from './processes.js';

/**
 * Servers that answer as fast as can be, all in one process: on a machine that also runs the balancer and the load,
 * more of them would measure the scheduler. A single signal kills them.
 */
export async function startBackends(folder, ports) {
  const servers = ports.map(
    (port) => `server { listen 127.0.0.1:${port} backlog=4096; return 200 "ok\\n"; }`,
  );
  const configuration = `master_process off;
pid nginx.pid;
error_log error.log;
events { worker_connections 8192; }
http {
    access_log off;
    keepalive_requests 10000000;
    ${TEMPORARY_FOLDERS}
    ${servers.join('\n    ')}
}
`;
  return startNginx(folder, configuration, ports[0]);
}

/** The balancer that lbctl renders and runs, with its defaults. */
export async function startLbctl(folder, ports, options = '') {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const write = (extra, version) =>
    writeFileSync(join(folder, 'lb.yaml'), lbYaml(port, ports, extra, version));
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

function lbYaml(port, ports, options, version) {
  const headers = version === 0 ? '' : `response_headers: { X-Version: "${version}" }, `;
  return `name: bench
listeners: { http: { port: ${port} } }
upstreams:
  web: { ${options}servers: [${ports.map((server) => `"127.0.0.1:${server}"`).join(', ')}] }
routes: [{ ${headers}paths: { /: web } }]
`;
}

/**
 * The configuration of the AWS article "Deploying an Nginx-based HTTP/HTTPS load balancer with Amazon Lightsail" in the
 * nginx.conf that Debian and Ubuntu ship.
 */
export async function startArticle(folder, ports) {
  const port = await freePort();
  const servers = ports.map((server) => `server 127.0.0.1:${server} max_fails=3 fail_timeout=30s;`);
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
export async function startHaproxy(folder, ports) {
  const program = find('haproxy');
  if (program === undefined) return undefined;
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const servers = ports.map((server, index) => `    server s${index} 127.0.0.1:${server}`);
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
