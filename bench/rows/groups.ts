import { builtPages } from "./builtPages";
import { edit } from "./edit";
import { files } from "./files";
import { gatsby } from "./gatsby";
import type { Group } from "./group";
import { imageSize } from "./imageSize";
import { inspection } from "./inspection";
import { noChanges } from "./noChanges";
import { pages } from "./pages";
import { release } from "./release";
import { serving } from "./serving";
import { sites } from "./sites";
import { stacks } from "./stacks";
import { start } from "./start";
import { tags } from "./tags";

/** All groups, in the order in which they are measured: what grows comes last. */
export const groups: readonly Group[] = [
  start,
  noChanges,
  inspection,
  edit,
  gatsby,
  imageSize,
  serving,
  release,
  files,
  pages,
  stacks,
  tags,
  builtPages,
  sites,
];
