import { renderUsers } from "../../components/site/basicAuth";
import { Nginx } from "../support/nginx";

jest.setTimeout(60_000);

describe("a site that is not public yet", () => {
  let nginx: Nginx;

  const basicAuth = { editor: "correct horse", client: "pässword: 1" };

  beforeAll(async () => {
    nginx = await Nginx.serve({
      files: { "index.html": "home", "404.html": "none", "page-data/app-data.json": "{}" },
      environment: { basicAuth, publicConfig: { a: 1 } },
      users: renderUsers("site", basicAuth),
    });
  });
  afterAll(() => nginx.stop());

  const getAs = async (path: string, login?: string): Promise<string> => {
    const authorization = `Basic ${Buffer.from(login ?? "").toString("base64")}`;
    const { body, status } = await nginx.get(path, login === undefined ? {} : { authorization });
    return `${status} ${body.trim()}`;
  };

  it.each(["/", "/config.json", "/page-data/app-data.json", "/none"])(
    "shows nothing of %s to anybody else",
    async (path) => {
      for (const login of [undefined, "editor:wrong", "other:correct horse", "client:"]) {
        expect(await getAs(path, login)).toMatch(/^401 /);
      }
    },
  );

  it("lets in whoever has a password, also one that is not ASCII", async () => {
    expect(await getAs("/", "editor:correct horse")).toBe("200 home");
    expect(await getAs("/", "client:pässword: 1")).toBe("200 home");
    expect(await getAs("/none", "editor:correct horse")).toBe("404 none");
  });

  it("asks browsers for it", async () => {
    const { headers } = await nginx.get("/");
    expect(headers["www-authenticate"]).toBe('Basic realm="This site is not public yet"');
  });

  it("answers the kubelet, which has none", async () => {
    expect(await getAs("/healthz")).toBe("200 ok");
  });
});
