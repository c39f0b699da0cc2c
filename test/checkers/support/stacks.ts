import { manifests } from "../../../cli/commands/manifests";
import { SiteProject } from "../../cli/manifests/support/project";
import { RenderingIo } from "../../cli/manifests/support/renderingIo";
import { leavePipeline } from "../../support/pipeline";

const production = {
  tier: "production",
  release: "promote",
  promoteFrom: "staging",
  host: "www.example.com",
  tlsSecret: "www-tls",
};

/** With an image's own web server on port 80, in an existing namespace, with autoscaling. */
const others = {
  ...production,
  namespace: "web",
  webServer: "image",
  containerPort: "80",
  networkPolicy: "closed",
  autoscaling: { minReplicas: 2, maxReplicas: 5 },
};

/** Renders the manifests of a production stack: as they are by default, and with what else a stack can have. */
export async function renderProduction(): Promise<readonly [string, string]> {
  leavePipeline();
  const project = new SiteProject();
  const render = async (values: typeof others | typeof production): Promise<string> => {
    project.configure("prod", values);
    const io = new RenderingIo({});
    await manifests({ cwd: project.folder, stack: "prod" }, io);
    return `${io.printed.join("\n")}\n`;
  };
  try {
    return [await render(production), await render(others)];
  } finally {
    project.remove();
  }
}
