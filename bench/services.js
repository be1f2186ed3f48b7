import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes a configuration of so many services, one file each of about 2.5 KB, and a main file that includes them.
 * @returns the path of the main file and the bytes of all files.
 */
export function writeServices(folder, count) {
  mkdirSync(join(folder, 'services'), { recursive: true });
  const main = join(folder, 'nginx.conf');
  const files = [[main, mainFile()]];
  for (let number = 0; number < count; number++)
    files.push([join(folder, 'services', `${String(number).padStart(5, '0')}.conf`), service(number)]);
  let bytes = 0;
  for (const [path, text] of files) {
    writeFileSync(path, text);
    bytes += text.length;
  }
  return { main, bytes };
}

/** The main file with so many services in it instead of beside it. */
export function configurationOf(count) {
  const services = Array.from({ length: count }, (_, number) => service(number));
  return mainFile().replace('    include services/*.conf;\n', () => services.join(''));
}

/** Ten megabytes in one file of some 450,000 short directives. */
export function shortDirectives() {
  const servers = Array.from(
    { length: 75_000 },
    (_, number) => `server {
listen 127.0.0.1:18080;
server_name s${number}.example.com;
location /a/ { proxy_pass http://10.0.${(number >> 8) & 255}.${number & 255}; }
root /srv/s${number};
}
`,
  );
  return mainFile().replace('    include services/*.conf;\n', () => servers.join(''));
}

function mainFile() {
  return `worker_processes auto;
pid nginx.pid;
error_log stderr;
events { worker_connections 4096; }
http {
    server_names_hash_max_size 131072;
    server_names_hash_bucket_size 128;
    variables_hash_max_size 16384;
    access_log off;
    log_format timed escape=json '{"host":"$host","uri":"$uri","status":$status,"time":$request_time}';
    limit_req_zone $binary_remote_addr zone=clients:10m rate=50r/s;
    map $http_upgrade $connection_upgrade {
        default upgrade;
        ''      close;
    }
    include services/*.conf;
}
`;
}

/** One service: its pool, a table of its own, and a server with locations of several kinds. */
function service(number) {
  const name = `service_${number}`;
  const host = `service-${number}.example.com`;
  const servers = [1, 2, 3, 4].map(
    (node) =>
      `    server 10.${number >> 8}.${number & 255}.${node}:8080 max_fails=3 fail_timeout=30s weight=${node};`,
  );
  const parts = ['orders', 'search', 'account'].map(
    (part) => `    location /${part}/ {
        proxy_pass http://${name}/${part}/v2/;
        proxy_set_header Host $host;
        proxy_set_header X-Part ${part};
        proxy_cookie_path /v2/ /${part}/; # the old paths are still in use
        proxy_send_timeout 10s;
    }`,
  );
  return `# ${name}: owned by team ${number % 37}; see the runbook before you change it
upstream ${name} {
    zone ${name} 64k;
    least_conn;
${servers.join('\n')}
    keepalive 32;
}

server {
    listen 127.0.0.1:18080;
    server_name ${host} www.${host} *.${name}.internal;
    client_max_body_size 16m;
    add_header X-Service "${name}" always;

    # the application itself
    location / {
        proxy_pass http://${name};
        proxy_http_version 1.1;
        proxy_set_header Connection $connection_upgrade;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_connect_timeout 5s;
        proxy_next_upstream error timeout http_502 http_503;
    }

    location ^~ /api/v${(number % 3) + 1}/ {
        limit_req zone=clients burst=20 nodelay;
        proxy_pass http://${name}/;
        proxy_read_timeout 30s;
        proxy_buffers 8 16k;
        proxy_buffer_size 16k;
        proxy_busy_buffers_size 32k;
    }

    location ~* "^/assets/(?<kind_${number % 10}>img|css|js)/(.+)\\.[0-9a-f]{8}\\.(png|css|js)$" {
        expires 1y;
        add_header X-Service "${name}" always;
        add_header Cache-Control "public, immutable";
        try_files /$2.$3 @missing;
    }

${parts.join('\n')}

    location = /health { access_log off; return 200 "ok\\n"; }
    location @missing { return 404; }

    if ($request_method !~ ^(GET|HEAD|POST|PUT|DELETE)$) {
        return 405;
    }
    rewrite ^/old/(.*)$ /new/$1 permanent;
}
`;
}
