const { default: TestRunner } = require('jest-runner');

/** Runs its files one after the other, while no other file runs: their bounds are wall-clock times. */
module.exports = class SerialRunner extends TestRunner {
  isSerial = true;
};
