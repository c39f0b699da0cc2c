import type { Ended } from "./checkout";

const shownCharacters = 3000;

/** Fails with the end of what a program printed, unless it succeeded. */
export function expectSuccess({ code, output }: Ended): void {
  expect({ code, tail: code === 0 ? "" : output.slice(-shownCharacters) }).toEqual({
    code: 0,
    tail: "",
  });
}
