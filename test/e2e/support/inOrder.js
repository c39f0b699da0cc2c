const { basename } = require("node:path");

const Sequencer = require("@jest/test-sequencer").default;

/** Of the soak two files run side by side: these take longest, and begin, so that none ends alone. */
const longest = ["pipeline", "digest", "kills", "sites"].map((name) => `${name}.soak.ts`);

/** Runs files in the order of their names: the end-to-end tests are one story in one sandbox. */
module.exports = class InOrder extends Sequencer {
  sort(tests) {
    const place = ({ path }) => `${longest.includes(basename(path)) ? 0 : 1} ${path}`;
    return [...tests].sort((a, b) => (place(a) < place(b) ? -1 : 1));
  }
};
