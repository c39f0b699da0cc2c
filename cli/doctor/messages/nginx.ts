import type { KnownMessage } from "./message";

/** Messages of nginx in the site's container. */
export const nginxMessages: readonly KnownMessage[] = [
  {
    program: "nginx",
    message: 'open() "<file>" failed (30: Read-only file system)',
    means: "nginx wants to write <file>, and only /tmp can be written.",
    isNot: "a damaged disk",
    next: "Put it below /tmp in nginx.conf, such as: pid /tmp/nginx.pid;",
  },
  {
    program: "nginx",
    message: 'mkdir() "<folder>" failed (<reason>)',
    means: "nginx can't create its folder for buffers, <folder>: <reason>",
    isNot: "a missing file of the site",
    next: "Add to nginx.conf: client_body_temp_path /tmp/client; proxy_temp_path /tmp/proxy; and the same for fastcgi, uwsgi and scgi",
  },
  {
    program: "nginx",
    message: "bind() to <address> failed (13: Permission denied)",
    means: "nginx does not run as root and may not listen on a port below 1024.",
    isNot: "a port that is in use",
    next: "In nginx.conf: listen 8080; and pulumi config set containerPort 8080",
  },
  {
    program: "nginx",
    message: "bind() to <address> failed (98: Address already in use)",
    means: "Two `listen` lines or two processes in the container want <address>.",
    isNot: "another pod: each pod has ports of its own",
    next: "Keep one `listen` line for that port.",
  },
  {
    program: "nginx",
    message: 'unknown directive "<word>" in <place>',
    also: ['unexpected "<word>" in <place>', "directive is not allowed here"],
    means: "nginx's configuration has a mistake at <place>, so nginx does not start.",
    isNot: "a problem of the cluster",
    next: "Fix <place>, and check it: nginx -t",
  },
  {
    program: "nginx",
    message: 'host not found in upstream "<host>"',
    means:
      "The configuration names <host> as an upstream, and its name is looked up when nginx starts.",
    isNot: "a missing page",
    next: "Use a name that the cluster knows, or a variable in `proxy_pass` with a `resolver`.",
  },
  {
    program: "nginx",
    message: 'open() "<file>" failed (2: No such file or directory)',
    means:
      "A file is missing: a page was asked for that the image does not have, or the configuration names <file>.",
    isNot: "a problem of the pull: the image is complete",
    next: "Check `outputDirectory`, and that the Dockerfile copies `public/`.",
  },
  {
    program: "nginx",
    message: 'directory index of "<folder>" is forbidden',
    means: "The folder has no index.html: the image has no site in it.",
    isNot: "a missing right",
    next: "Check `outputDirectory` and the COPY line of the Dockerfile's last stage.",
  },
  {
    program: "nginx",
    message: 'open() "<file>" failed (13: Permission denied)',
    means: "nginx's user may not read or write <file>.",
    isNot: "a login to a registry",
    next: "Files of the site must be readable by everyone: COPY --chmod=a+rX",
  },
  {
    program: "nginx",
    message:
      'the "user" directive makes sense only if the master process runs with super-user privileges',
    means: "The configuration names a user, and nginx is not root. It ignores the line.",
    isNot: "an error: nginx starts",
    next: "Remove the line `user` from nginx.conf.",
  },
];
