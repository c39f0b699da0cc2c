import * as pulumi from "@pulumi/pulumi";

import { createUpdateError } from "../../components/errors";

describe("createUpdateError", () => {
  it("makes an error that is shown with a resource, without a stack", () => {
    const error = createUpdateError("It can't be.", undefined);

    expect(pulumi.ResourceError.isInstance(error)).toBe(true);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ message: "It can't be.", hideStack: true });
  });

  it("keeps its message, whatever waits for it", () => {
    const error = createUpdateError("It can't be.", undefined);
    error.message = `error serializing property "sources": ${error.message}`;

    expect(error.message).toBe("It can't be.");
  });
});
