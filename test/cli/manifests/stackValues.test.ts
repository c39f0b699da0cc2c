import { readStackValues } from "../../../cli/manifests/stackValues";
import { SiteProject } from "./support/project";

const encrypted = { secure: "v1:encrypted" };
const project = new SiteProject();

afterAll(() => project.remove());

function read(values: Record<string, unknown>) {
  project.configure("dev", values);
  const { secrets, values: all } = readStackValues(project.folder, "dev");
  const own = Object.keys(values).map((key) => (key.includes(":") ? key : `handbook:${key}`));
  return { secrets, values: Object.fromEntries(own.map((key) => [key, all[key]])) };
}

describe("readStackValues", () => {
  it("lets the stack's values win over the project's", () => {
    project.configure("dev", { registry: "other.example.com" });
    expect(readStackValues(project.folder, "organization/handbook/dev").values).toEqual({
      "handbook:project": "group/handbook",
      "handbook:registry": "other.example.com",
      "gitlab:baseUrl": "https://gitlab.example.com/api/v4/",
    });
  });

  it("has the project's values for a stack without a file", () => {
    const { secrets, values } = readStackValues(project.folder, "review");
    expect([values["handbook:registry"], secrets]).toEqual(["gitlab.example.com:5050", []]);
  });

  it("puts placeholders in place of secrets, and names their keys", () => {
    const pull = { username: "reader", password: encrypted };
    expect(read({ replicas: 3, "gitlab:token": encrypted, credentials: { pull } })).toEqual({
      values: {
        "handbook:replicas": "3",
        "gitlab:token": "[secret]",
        "handbook:credentials": '{"pull":{"username":"reader","password":"[secret]"}}',
      },
      secrets: ["gitlab:token", "handbook:credentials"],
    });
  });

  it("puts a valid value in place of a structured one that is a secret as a whole", () => {
    const login = { username: "[secret]", password: "[secret]" };
    const { values } = read({
      credentials: encrypted,
      buildSecrets: encrypted,
      "gitlab:headers": encrypted,
      "kubernetes:kubeconfig": encrypted,
    });
    expect(values).toEqual({
      "handbook:credentials": JSON.stringify({ push: login, pull: login }),
      "handbook:buildSecrets": "{}",
      "gitlab:headers": "{}",
      "kubernetes:kubeconfig": "[secret]",
    });
  });

  it("takes no other object for a secret", () => {
    const publicConfig = { list: [{ safe: "yes" }], nested: { secure: { text: "no" } } };
    expect(read({ publicConfig }).secrets).toEqual([]);
  });
});
