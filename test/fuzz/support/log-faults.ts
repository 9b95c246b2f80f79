import { CANARY } from './hostile-values.js';

/** What the service may log after its start: requests, and its end. */
const MESSAGE =
  /^(?:request|Stopping on SIGTERM; finishing requests in progress|Stopped after [\d.]+ s)$/;
const ERROR = 50;

type Line = Readonly<Record<string, unknown>>;

/**
 * What is wrong with a log: each line must be one JSON object that the service wrote, and none may
 * contain anything that a client sent.
 *
 * @param secrets that must not be in it
 */
export function faultsInLog(output: string, secrets: readonly string[]): string[] {
  const start = output.indexOf('\n', output.indexOf('Listening'));
  const lines = output.slice(start).split('\n');
  const told = secrets.filter((secret) => output.includes(secret));
  return [
    ...lines.filter((line) => line !== '').flatMap(faultsIn),
    ...told.map((secret) => `the log contains ${secret}`),
  ];
}

function faultsIn(text: string): string[] {
  if (text.includes(CANARY)) return [`the log repeats what a client sent: ${text}`];
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text)) {
    return [`a control character in the log: ${JSON.stringify(text)}`];
  }
  const line = objectIn(text);
  if (line === undefined) return [`not one JSON object: ${text}`];
  const { level, msg } = line;
  if (typeof level !== 'number' || level >= ERROR) return [`an unexpected error: ${text}`];
  return MESSAGE.test(String(msg)) ? [] : [`an unexpected line: ${text}`];
}

function objectIn(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
}
