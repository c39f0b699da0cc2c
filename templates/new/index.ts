import createStack = require("slipway/program");
export = createStack;
