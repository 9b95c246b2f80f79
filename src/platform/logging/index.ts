export { describeError, type ErrorDescription } from './describe-error.js';
export { FrameworkLogger } from './framework-logger.js';
export {
  LOG_OUTPUT,
  loggingOptions,
  type LogOutput,
  requestLogger,
  type RequestLogger,
  standardOutput,
} from './logging.js';
