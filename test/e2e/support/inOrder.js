const Sequencer = require("@jest/test-sequencer").default;

/** Runs files in the order of their names: the end-to-end tests are one story in one sandbox. */
module.exports = class InOrder extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => (a.path < b.path ? -1 : 1));
  }
};
