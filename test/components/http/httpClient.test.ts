import { HttpClient } from "../../../components/http/httpClient";
import type { HttpRequest } from "../../../components/http/transport";
import { PrivateNetwork, type Handler } from "../../support/privateNetwork";

const network = new PrivateNetwork();
const calls: string[] = [];
/** Answers in turn; afterwards 200. */
let answers: { status: number; headers?: Record<string, string> }[] = [];

const handle: Handler = ({ headers, method, url }, response) => {
  calls.push(`${method} ${headers.host}${url} ${String(headers["private-token"] ?? "no token")}`);
  const { status, headers: sent = {} } = answers.shift() ?? { status: 200 };
  response.writeHead(status, sent).end();
};

beforeAll(async () => {
  await network.start();
  await network.addHost("gitlab.test:443", handle);
  await network.addHost("other.test:443", handle);
});

afterAll(() => network.stop());

beforeEach(() => {
  calls.length = 0;
  answers = [];
});

/** Follows to hosts of `.test`, and gives the token to none but the first. */
const client = new HttpClient({
  env: {
    get HTTPS_PROXY() {
      return network.proxy;
    },
  },
  get caCertificate() {
    return network.ca;
  },
  follow: (from, to, { headers }) =>
    to.protocol !== "https:" ? undefined : from.origin === to.origin ? headers : {},
});

const send = (method: HttpRequest["method"]) =>
  client.request({ method, url: "https://gitlab.test/a", headers: { "private-token": "t" } });

describe("HttpClient", () => {
  it("sends again what is safe to send twice", async () => {
    answers = [{ status: 502 }, { status: 503, headers: { "retry-after": "0" } }];
    expect(await send("PUT")).toMatchObject({ status: 200 });
    expect(calls).toHaveLength(3);
  });

  it("does not create twice, but waits for a limit", async () => {
    answers = [{ status: 429, headers: { "retry-after": "0" } }, { status: 502 }];
    expect(await send("POST")).toMatchObject({ status: 502 });
    expect(calls).toHaveLength(2);
  });

  it.each([301, 302, 303, 307, 308])("follows %i when it reads", async (status) => {
    answers = [{ status, headers: { location: "/b?c=1" } }];
    expect(await send("GET")).toMatchObject({ status: 200 });
    expect(calls).toEqual(["GET gitlab.test/a t", "GET gitlab.test/b?c=1 t"]);
  });

  it("follows to another host with the headers that the caller gives", async () => {
    answers = [{ status: 307, headers: { location: "https://other.test/b" } }];
    expect(await send("HEAD")).toMatchObject({ status: 200 });
    expect(calls).toEqual(["HEAD gitlab.test/a t", "HEAD other.test/b no token"]);
  });

  it.each(["POST", "PUT", "DELETE"] as const)("does not follow %s", async (method) => {
    answers = [{ status: 307, headers: { location: "/b" } }];
    expect(await send(method)).toMatchObject({ status: 307 });
    expect(calls).toHaveLength(1);
  });

  it("does not follow where the caller does not want to", async () => {
    answers = [{ status: 301, headers: { location: "http://gitlab.test/a" } }];
    expect(await send("GET")).toMatchObject({ status: 301 });
    expect(calls).toHaveLength(1);
  });

  it("does not follow in circles", async () => {
    answers = Array.from({ length: 9 }, () => ({ status: 301, headers: { location: "/a" } }));
    expect(await send("GET")).toMatchObject({ status: 301 });
    expect(calls).toHaveLength(6);
  });
});
