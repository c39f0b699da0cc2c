import { findProxy } from "../../../components/http/proxy";

const proxy = "http://proxy.example.com:3128";
const find = (url: string, env: NodeJS.ProcessEnv) => findProxy(new URL(url), env)?.address;

describe("findProxy", () => {
  it.each([
    ["https://gitlab.example.com/", { HTTPS_PROXY: proxy }],
    ["https://gitlab.example.com/", { https_proxy: proxy }],
    ["http://gitlab.example.com/", { HTTP_PROXY: proxy }],
    ["http://gitlab.example.com/", { http_proxy: proxy }],
    ["https://gitlab.example.com/", { HTTPS_PROXY: "proxy.example.com:3128" }],
    ["https://gitlab.example.com/", { HTTPS_PROXY: "", https_proxy: proxy }],
  ])("is used for %s with %j", (url, env) => {
    expect(find(url, env)).toBe(proxy);
  });

  it.each([
    ["https://gitlab.example.com/", {}],
    ["https://gitlab.example.com/", { HTTP_PROXY: proxy }],
    ["http://gitlab.example.com/", { HTTPS_PROXY: proxy }],
    ["https://gitlab.example.com/", { HTTPS_PROXY: "" }],
  ])("is not used for %s with %j", (url, env) => {
    expect(find(url, env)).toBeUndefined();
  });

  it.each([
    ["*", "gitlab.example.com"],
    ["gitlab.example.com", "gitlab.example.com"],
    ["example.com", "gitlab.example.com"],
    [".example.com", "gitlab.example.com"],
    ["*.example.com", "gitlab.example.com"],
    ["other, GitLab.Example.com", "gitlab.example.com"],
    ["gitlab.example.com:443", "gitlab.example.com"],
    ["gitlab.example.com:5050", "gitlab.example.com:5050"],
    ["10.1.2.3", "10.1.2.3"],
    ["10.0.0.0/8", "10.1.2.3"],
    ["fd00::/8", "[fd00::1]"],
    ["fd00::1", "[fd00::1]"],
    ["[fd00::1]:443", "[fd00::1]"],
    ["nothing", "localhost"],
    ["nothing", "127.1.2.3"],
    ["nothing", "[::1]"],
  ])("NO_PROXY %j excludes %s", (noProxy, host) => {
    expect(find(`https://${host}/`, { HTTPS_PROXY: proxy, NO_PROXY: noProxy })).toBeUndefined();
    expect(find(`https://${host}/`, { HTTPS_PROXY: proxy, no_proxy: noProxy })).toBeUndefined();
  });

  it.each([
    ["", "gitlab.example.com"],
    [".gitlab.example.com", "gitlab.example.com"],
    ["*.gitlab.example.com", "gitlab.example.com"],
    ["lab.example.com", "gitlab.example.com"],
    ["gitlab.example.com:5050", "gitlab.example.com"],
    ["10.0.0.0/8", "11.1.2.3"],
    ["10.0.0.0/99", "10.1.2.3"],
    ["10.0.0.0/8", "gitlab.example.com"],
    ["fd00::/8", "10.1.2.3"],
  ])("NO_PROXY %j does not exclude %s", (noProxy, host) => {
    expect(find(`https://${host}/`, { HTTPS_PROXY: proxy, NO_PROXY: noProxy })).toBe(proxy);
  });

  it("shows no credential of a proxy", () => {
    const env = { HTTPS_PROXY: "http://me:hunter2@proxy.example.com:3128" };
    expect(findProxy(new URL("https://gitlab.example.com"), env)).toEqual({
      url: "http://me:hunter2@proxy.example.com:3128/",
      address: proxy,
      variable: "HTTPS_PROXY",
    });
  });

  it.each(["http://", "http://me:hunter2@", "ftp://proxy/x:", "::"])(
    "refuses %j, and does not show it",
    (value) => {
      expect(() => find("https://gitlab.example.com", { https_proxy: value })).toThrow(
        '`https_proxy` is not the address of a proxy, such as "http://proxy.example.com:3128".',
      );
    },
  );
});
