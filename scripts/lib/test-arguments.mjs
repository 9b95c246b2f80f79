// The arguments that `npm test` and the other test scripts understand beside jest's own.

export class UnknownSuite extends Error {}

/**
 * Takes `--full`, `--suites a,b` and `--selectProjects a b` out of the arguments of scripts/test.mjs and
 * leaves the rest to jest. Jest's own `--selectProjects` would swallow a file pattern after it.
 *
 * @param {readonly string[]} args
 * @param {readonly string[]} known names of suites
 */
export function readArguments(args, known) {
  const read = { isFull: false, suites: [], rest: [] };
  for (let at = 0; at < args.length; at += 1) {
    const [name, value] = args[at].split(/=(.*)/s);
    if (args[at] === '--full') read.isFull = true;
    else if (name === '--suites') {
      read.suites.push(...suitesIn(value ?? args[(at += 1)] ?? '', known));
    } else if (name === '--selectProjects') {
      if (value !== undefined) read.suites.push(...suitesIn(value, known));
      while (known.includes(args[at + 1])) read.suites.push(args[(at += 1)]);
    } else read.rest.push(args[at]);
  }
  return read;
}

function suitesIn(list, known) {
  const names = list.split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined && names.length > 0) return names;
  const what = unknown === undefined ? '--suites names no suite' : `there is no suite "${unknown}"`;
  throw new UnknownSuite(`${what}; the suites are ${known.join(', ')}`);
}

/** Arguments that may be file patterns: neither options nor the test name after -t. */
export function wordsIn(args) {
  const isName = (index) => /^(?:-t|--testNamePattern)$/.test(args[index - 1] ?? '');
  const patterns = args.map((arg, index) =>
    isName(index) ? '-' : arg.replace(/^--testPathPatterns=/, ''),
  );
  return patterns.filter((pattern) => !pattern.startsWith('-'));
}
