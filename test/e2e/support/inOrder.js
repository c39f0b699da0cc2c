const Sequencer = require("@jest/test-sequencer").default;

/** Runs files by name: the end-to-end tests are one story, of one sandbox. */
module.exports = class InOrder extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => (a.path < b.path ? -1 : 1));
  }
};
