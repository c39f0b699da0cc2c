import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { hostOutput } from "./hostBuild";
import { work } from "./byHand";

const folder = join(work, "stock");

/** Configuration with the settings that the official image comes with. */
const configuration = `worker_processes auto;
pid /tmp/nginx.pid;
error_log /var/log/nginx/error.log notice;
events { worker_connections 1024; }
http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  log_format main '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for"';
  access_log /var/log/nginx/access.log main;
  sendfile on;
  keepalive_timeout 65;
  client_body_temp_path /tmp/client_temp;
  proxy_temp_path /tmp/proxy_temp_path;
  fastcgi_temp_path /tmp/fastcgi_temp;
  uwsgi_temp_path /tmp/uwsgi_temp;
  scgi_temp_path /tmp/scgi_temp;
  include /etc/nginx/conf.d/*.conf;
}
`;

const dockerfile = `FROM docker.io/nginxinc/nginx-unprivileged:1.29-alpine
COPY nginx.conf /etc/nginx/nginx.conf
COPY public /usr/share/nginx/html
`;

/** Writes the context of an image with the same pages and nginx as it comes; returns its folder. */
export function writeStockImage(): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(hostOutput, join(folder, "public"), { recursive: true });
  writeFileSync(join(folder, "nginx.conf"), configuration);
  writeFileSync(join(folder, "Dockerfile"), dockerfile);
  return folder;
}
