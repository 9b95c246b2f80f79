import { TestEnvironment } from 'jest-environment-node';

interface TestEvent {
  readonly name: string;
  readonly test?: { readonly errors: readonly unknown[] };
}

/** Lets the kit know whether a test of this file was red, so that it keeps the database then. */
export default class FailureAwareEnvironment extends TestEnvironment {
  handleTestEvent(event: TestEvent): void {
    const isRed = event.name === 'test_done' && (event.test?.errors.length ?? 0) > 0;
    if (isRed || event.name === 'hook_failure') this.global['hasRedTest'] = true;
  }
}
