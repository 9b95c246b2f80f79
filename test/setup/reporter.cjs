const { isShortRunOfAll } = require('./suites.cjs');

const FULL_RUN = `
This was the short run. The full one repeats more, sends more, and adds the long files:
  npm run test:full                       everything
  npm run test:full -- --suites fuzz      one suite (docs/testing.md)
`;

/** Fails a run that ran no test, and mentions the full run after the short one. */
module.exports = class Reporter {
  /** @param {{ testNamePattern?: string, watch: boolean, watchAll: boolean }} globalConfig */
  constructor(globalConfig) {
    this.globalConfig = globalConfig;
  }

  onRunComplete(_contexts, results) {
    const { testNamePattern, watch, watchAll } = this.globalConfig;
    const ran = results.numPassedTests + results.numFailedTests;
    if (ran === 0 && results.numRuntimeErrorTestSuites === 0 && !watch && !watchAll) {
      const why = testNamePattern ? `has a name that matches "${testNamePattern}"` : 'was selected';
      this.error = new Error(`No test ${why}, so none was run.`);
      process.stderr.write(`\n${this.error.message}\n`);
    }
    if (isShortRunOfAll() && !testNamePattern) process.stderr.write(FULL_RUN);
  }

  getLastError() {
    return this.error;
  }
};
