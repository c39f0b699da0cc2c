import { readOwnOutputs } from "../../components/ownOutputs";
import { FakeEngine } from "../support/engine";

const readStackOutputs = "pulumi:pulumi:readStackOutputs";

describe("readOwnOutputs", () => {
  it("gives what the stack had before", async () => {
    const outputs = { url: "http://10.96.7.8" };
    const engine = await FakeEngine.install({
      functions: { [readStackOutputs]: () => ({ outputs }) },
    });

    expect(await readOwnOutputs()).toEqual(outputs);
    expect(engine.calls).toEqual([
      { token: readStackOutputs, args: { name: "organization/gatsby-site/dev" } },
    ]);
  });

  it("gives nothing where the engine does not tell", async () => {
    const fail = () => {
      throw new Error("unrecognized function name");
    };
    await FakeEngine.install({ functions: { [readStackOutputs]: fail } });

    expect(await readOwnOutputs()).toEqual({});
  });
});
