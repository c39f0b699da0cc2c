import type { Ended } from "./checkout";

const shownCharacters = 3000;

/** Fails with the end of a program's output if the program failed. */
export function expectSuccess({ code, output }: Ended): void {
  expect({ code, tail: code === 0 ? "" : output.slice(-shownCharacters) }).toEqual({
    code: 0,
    tail: "",
  });
}
