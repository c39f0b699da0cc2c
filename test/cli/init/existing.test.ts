import { json, Shape, site } from "./support/shape";

let shape: Shape;

afterEach(() => shape.remove());

const lesson = {
  ...site(),
  "package-lock.json": "{}",
  Dockerfile: [
    "FROM node:18 AS builder",
    "WORKDIR /app",
    "COPY . .",
    "RUN npm ci && npm run build",
    "FROM nginx:alpine",
    "COPY --from=builder /app/public /usr/share/nginx/html",
    "EXPOSE 80",
    'CMD ["nginx", "-g", "daemon off;"]',
    "",
  ].join("\n"),
  "kubernetes/site.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: web }
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: web
          image: __IMAGE__
          ports: [{ containerPort: 80 }]
          resources: { limits: { memory: 64Mi } }
          livenessProbe: { httpGet: { path: /, port: 80 } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [www.example.com], secretName: www-tls }]
  rules: [{ host: www.example.com }]
`,
  ".gitlab-ci.yml": `# The website's pipeline.
stages: [build, deploy]

image: docker:27 # with the daemon

build:
  stage: build
  script:
    - docker build --tag gitlab.example.com:5050/web/site:$CI_COMMIT_SHORT_SHA .

deploy:
  stage: deploy
  script:
    - !reference [.login, script]
    - sed "s/__IMAGE__/$IMAGE/" kubernetes/site.yaml | kubectl apply --filename -
`,
};

describe("slipway init in a repository that has", () => {
  it("the lesson's Dockerfile, manifest and pipeline", async () => {
    shape = new Shape(lesson);
    const written = await shape.init({ pipeline: "web/slipway@v0.1.0" });

    expect(written).toContain(".dockerignore");
    expect(written).not.toContain("Dockerfile");
    expect(written).not.toContain("nginx.conf");
    expect(shape.read("deploy/Pulumi.yaml").split("config:\n")[1]).toBe(`  project:
    value: web/site
  registry:
    value: gitlab.example.com:5050
  gitlab:baseUrl:
    value: https://gitlab.example.com/api/v4/
  siteDirectory:
    value: ..
  webServer:
    value: image
  containerPort:
    value: 80
  resources:
    value: { limits: { memory: 64Mi } }
  # \`Dockerfile\` stays, and its image's own web server serves the site: without \`publicConfig\`, \`noindex\` on tiers other than production and long-lived caching; and a second build of the same files may have another digest. \`slipway init --dockerfile slipway\` writes Slipway's beside it.
  # \`kubernetes/site.yaml\` has the Deployment \`web\`. Slipway creates its own: delete that one when the new one serves.
`);
    expect(shape.read("deploy/Pulumi.dev.yaml")).toBe("config:\n  site:tier: development\n");
    expect(shape.read("deploy/Pulumi.staging.yaml")).toBe(`config:
  site:tier: staging
  site:release: promote
  site:promoteFrom: dev
`);
    expect(shape.read("deploy/Pulumi.prod.yaml")).toBe(`config:
  site:tier: production
  site:release: promote
  site:promoteFrom: staging
  # From \`kubernetes/site.yaml\`:
  site:namespace: web
  site:replicas: "3"
  site:host: www.example.com
  site:tlsSecret: www-tls
  site:ingressClass: nginx
`);
    // The comment above the first key stays with that.
    const [, rest] = lesson[".gitlab-ci.yml"].split("stages: [build, deploy]\n");
    expect(shape.read(".gitlab-ci.yml")).toBe(`include:
  # Slipway's pipeline: a copy of its repository has to be on this GitLab.
  # It replaces \`build\`, \`deploy\`: delete these jobs.
  - project: web/slipway
    ref: v0.1.0
    file: /templates/slipway.yml
    inputs:
      program: deploy
      scripts: node_modules/slipway/ci
      site: .
      lock-file: package-lock.json
      site-image: docker.io/library/node:18-bookworm-slim
      install: npm ci --ignore-scripts=$IGNORE_SCRIPTS --no-audit --no-fund --no-update-notifier
      build: npm run build
      test: node --check index.js
      test-of: program

# The website's pipeline.
stages: [build, deploy, test, build_website, preview, review, scan, staging, production, maintenance]
${rest}`);
  });

  it("a `.dockerignore`, whose lines stay", async () => {
    shape = new Shape({ ...site(), ".dockerignore": "node_modules\n**/*.key" });
    await shape.init();
    expect(shape.read(".dockerignore")).toBe(`node_modules
**/*.key
# Never into an image, not even into a layer of the builder.
**/.git
**/node_modules
deploy
**/.pulumi
**/.slipway
**/.kube
**/.ssh
**/*kubeconfig*
**/*.pem
**/Pulumi*.yaml
**/.env*
`);
  });

  it("`.env.production` in git, and an nginx configuration for another image", async () => {
    shape = new Shape({
      ...site(),
      ".env.production": "GATSBY_A=1\n",
      "nginx.conf": "server {}\n",
    });
    const written = await shape.init();
    expect(shape.read(".dockerignore")).toMatch(/\n\*\*\/\.env\*\n!\.env\.production\n$/);
    expect(written).toContain("nginx.slipway.conf");
    expect(shape.read("Dockerfile")).toContain("&& cp nginx.slipway.conf /release/nginx.conf\n");
  });

  it("what it wrote itself: then it changes nothing", async () => {
    const root = json({ private: true, workspaces: ["apps/*"] });
    shape = new Shape({ ...site("apps/web"), "package.json": root, "package-lock.json": "{}" });
    await shape.init();
    shape.repository.commit();
    shape.io.printed.length = 0;

    expect(await shape.init()).toEqual([""]);
    expect(shape.io.printed.at(-1)).toBe("Everything is there already: nothing to write.");
  });
});

describe("slipway init", () => {
  it("shows what it found and what it would write, asks, and writes nothing without agreement", async () => {
    shape = new Shape({ ...site(".", { engines: { node: "20" } }), "yarn.lock": "" });
    shape.io.answer = false;

    expect(await shape.init({ yes: false })).toEqual([""]);
    expect(shape.io.questions).toEqual(["Write these files?"]);
    expect(shape.io.printed.join("\n")).toBe(`Found:
  GitLab      https://gitlab.example.com, project web/site
  registry    not found
  site        \`.\`
  packages    yarn 1.22.22, \`yarn.lock\`
  Node        20 (\`engines\` of \`package.json\`)
  Dockerfile  none
  manifest    none
Files:
  create  deploy/Pulumi.yaml
  create  deploy/Pulumi.dev.yaml
  create  deploy/Pulumi.staging.yaml
  create  deploy/Pulumi.prod.yaml
  create  deploy/package.json
  create  deploy/index.js
  create  deploy/.gitignore
  create  Dockerfile
  create  nginx.conf
  create  nginx.pages.mjs
  create  nginx.redirects.mjs
  create  nginx.compression.mjs
  create  nginx.hashes.mjs
  create  .dockerignore
Nothing was written.`);
  });

  it("prints the files with `--dry-run`, and asks nothing", async () => {
    shape = new Shape(site());
    expect(await shape.init({ yes: false, dryRun: true })).toEqual([""]);
    expect(shape.io.questions).toEqual([]);
    expect(shape.io.printed).toContain(
      "\n--- deploy/Pulumi.dev.yaml\nconfig:\n  site:tier: development\n  # Host name under which an Ingress serves the site.\n  # site:host: www.example.com",
    );
  });

  it("ends with the next commands and what is to be filled in", async () => {
    shape = new Shape(site(), "");
    await shape.init();
    expect(shape.io.printed.at(-1)).toBe(`Next:
  fill in \`project\`, \`gitlab:baseUrl\`, \`registry\` in deploy/Pulumi.yaml
  git add --all && git commit --message "Deploy with Slipway"
  export GITLAB_TOKEN=<token>    # scope api, of a Maintainer of the project
  npx slipway up dev`);
  });

  it("says what the image can't do: pages that a server renders, deferred ones and functions", async () => {
    shape = new Shape({
      ...site(),
      "src/pages/account.js": "export async function getServerData() {}\n",
      "src/api/contact.js": "export default function handler() {}\n",
      "gatsby-node.js": "createPage({ defer: true })\n",
      "gatsby-config.js": 'module.exports = { pathPrefix: "/docs" };\n',
      "package-lock.json": "{}",
    });
    await shape.init();
    const remark =
      " The image serves files alone. Remove that, or leave it out: `pulumi config set skipServerPages true`.";
    expect(shape.io.printed.filter((line) => line.startsWith("! "))).toEqual([
      `! \`src/pages/account.js\` is rendered by a server for each request (\`getServerData\`).${remark}`,
      `! \`gatsby-node.js\` defers pages to their first request (\`defer\`).${remark}`,
      `! \`src/api/contact.js\` is a function, which runs on a server.${remark}`,
      "! `gatsby-config.js` has a `pathPrefix`, but the script `build` is without `--prefix-paths`: the site is served at the root.",
    ]);
  });

  it("writes what npm installs for the program's dependencies", async () => {
    shape = new Shape(site());
    await shape.init({ dependency: ["slipway@file:../slipway.tgz", "@pulumi/gitlab@1.0.0"] });
    expect(JSON.parse(shape.read("deploy/package.json"))).toEqual({
      name: "site-deploy",
      private: true,
      dependencies: {
        "@pulumi/docker": "^5.2.0",
        "@pulumi/docker-build": "~0.0.22",
        "@pulumi/gitlab": "1.0.0",
        "@pulumi/kubernetes": "^4.34.2",
        "@pulumi/pulumi": "^3.259.0",
        pulumi: "3.259.0",
        slipway: "file:../slipway.tgz",
      },
      devDependencies: { typescript: "^5.9.3" },
    });
  });

  it("leaves the pipeline as it is with `--no-pipeline`", async () => {
    shape = new Shape(lesson);
    expect(await shape.init({ pipeline: false })).not.toContain(".gitlab-ci.yml");
  });

  it.each([
    [
      { pipeline: "web/slipway" },
      "`--pipeline web/slipway` is not a project and a version, such as `web/slipway@v1.0.0`.",
    ],
    [
      { dependency: ["slipway"] },
      "`--dependency slipway` is not a package and what npm installs for it, such as `slipway@1.2.3` or `slipway@file:../slipway.tgz`.",
    ],
    [
      { folder: "../x" },
      "`--folder ../x` is not a folder below the repository's top. Use one such as `deploy`.",
    ],
    [
      { stacks: ["Dev"] },
      "`--stacks Dev` is not a list of stacks. Use lower-case letters, digits and `-`, such as `dev,staging,prod`.",
    ],
    [{ site: "web" }, "`--site web` has no Gatsby site. The repository has `.`."],
  ])("refuses %j", async (options, message) => {
    shape = new Shape(site());
    await expect(shape.init(options)).rejects.toThrow(message);
  });

  it("refuses a folder for the program that would be a member of the site's workspace", async () => {
    const root = json({ private: true, workspaces: ["*"] });
    shape = new Shape({ ...site("web"), "package.json": root });
    await expect(shape.init()).rejects.toThrow(
      "`--folder deploy` would be a member of the workspace in `.`, whose lock file has no packages of the program. Use a folder that its patterns do not match, or exclude it there.",
    );
    expect(await shape.init({ folder: "infra/deploy" })).toContain("infra/deploy/Pulumi.yaml");
  });
});
