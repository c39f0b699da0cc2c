module.exports = require("slipway/program");
