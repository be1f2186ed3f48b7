import { lintText } from '../../lib/source/linting/run.ts';
import { NEWEST_STABLE } from '../../lib/nginx/version.ts';
import { renderCounts, renderFindings, summaryOf, renderSummary } from '../../lib/ui/findings.ts';
import { plainStyle } from '../../lib/ui/style.ts';

/** What most configurations have, and a little that is told. */
const USUAL = String.raw`worker_processes auto;
error_log /var/log/nginx/error.log warn;
events {
    worker_connections 1024;
}
http {
    log_format timed '$remote_addr "$request" $status $request_time';
    access_log /var/log/nginx/access.log timed;
    server_tokens off;
    limit_req_zone $binary_remote_addr zone=clients:10m rate=10r/s;
    map $http_upgrade $connection_upgrade {
        default upgrade;
        ''      close;
    }
    upstream app {
        least_conn;
        server 10.0.0.11:8080 max_fails=3 fail_timeout=10s;
        server 10.0.0.12:8080 backup;
        keepalive 32;
    }
    server {
        listen 80 default_server;
        server_name _;
        return 301 https://$host$request_uri;
    }
    server {
        listen 443 ssl;
        server_name shop.example.com *.shop.example.com;
        ssl_certificate /etc/ssl/shop.crt;
        ssl_certificate_key /etc/ssl/shop.key;
        ssl_protocols TLSv1.2 TLSv1.3;
        add_header Strict-Transport-Security "max-age=31536000" always;
        rewrite ^/old/(.*)$ /new/$1 permanent;
        location / {
            proxy_pass http://app;
            proxy_http_version 1.1;
            proxy_set_header Host $host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_read_timeout 60s;
            proxy_next_upstream error timeout http_502;
            limit_req zone=clients burst=20 nodelay;
        }
        # what was built
        location ~* "^/(img|css)/(?<name>.+)\.[0-9a-f]{8}\.(?:css|js|png)$" {
            root /srv/www;
            expires 7d;
            try_files /$name.$1 @missing;
        }
        location @missing {
            return 404 "not here\n";
        }
        location /orders/ {
            proxy_pass http://app/orders/v2/;
        }
        location /files {
            alias /srv/files/;
        }
    }
}
`;

/**
 * Goes through a usual configuration, which tells nobody anything: V8 compiles what that needs, and it can be kept for
 * those that come, whatever this run looked at.
 */
export function rehearse(): void {
  const target = { version: NEWEST_STABLE, plus: false };
  const { findings, files } = lintText(Buffer.from(USUAL), { target, cwd: '/' });
  renderFindings(findings, { style: plainStyle, width: 80, summaryOf: () => undefined });
  renderCounts(findings);
  renderSummary(summaryOf(files.size, findings));
}
