const { default: TestRunner } = require('jest-runner');

/** Runs its files one at a time, with no other file beside them. */
module.exports = class SerialRunner extends TestRunner {
  isSerial = true;
};
