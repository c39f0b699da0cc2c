import { renderStack, type RenderRequest } from "./renderStack";

/*
 * The process in which `slipway manifests` runs a program, in its folder. The only argument is a request as JSON; it
 * prints the manifests, or the error on its standard error.
 */

/** Prints an error and ends the process. An error of the program's own for its user has no stack trace. */
function fail(error: unknown): never {
  const { __pulumiRunError, hideStack, message, stack } = error as Error & {
    readonly __pulumiRunError?: boolean;
    readonly hideStack?: boolean;
  };
  console.error(__pulumiRunError || hideStack ? message : (stack ?? message ?? error));
  process.exit(1);
}

// What the program prints must not be among the manifests.
console.log = console.info = console.debug = console.error;
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
const request = JSON.parse(process.argv[2]) as RenderRequest;
void renderStack(request, process.cwd(), process.env).then((text) => {
  // Later, so that an error comes first that nothing in the program has waited for.
  setImmediate(() => {
    // The program may have left timers or connections.
    process.stdout.write(text, () => process.exit(0));
  });
});
