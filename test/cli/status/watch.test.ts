import { createStopSignal, repeat } from "../../../cli/status/watch";

describe("repeat", () => {
  it("runs a function again after each pause, until it is stopped", async () => {
    const stop = new AbortController();
    let rounds = 0;
    await repeat(
      () => {
        rounds += 1;
        if (rounds === 3) stop.abort();
        return Promise.resolve();
      },
      0.01,
      stop.signal,
    );
    expect(rounds).toBe(3);
  });

  it("ends in the middle of a pause", async () => {
    const stop = new AbortController();
    const run = jest.fn();
    const watching = repeat(run, 3600, stop.signal);
    stop.abort();
    await watching;
    expect(run).not.toHaveBeenCalled();
  });
});

describe("createStopSignal", () => {
  it("stops when the process is asked to end", () => {
    const signal = createStopSignal();
    const [stopped] = process.listeners("SIGINT").slice(-1);
    expect(signal.aborted).toBe(false);
    stopped("SIGINT");
    expect(signal.aborted).toBe(true);
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.removeListener(name, process.listeners(name as "SIGINT").slice(-1)[0]);
    }
  });
});
