import { readFileSync } from 'node:fs';

/** Settings that hold secrets. Each can be read from a file, whose path is in the setting NAME_FILE. */
const SECRETS = ['DATABASE_URL', 'REDIS_URL', 'ADMIN_API_KEY'] as const;

type Given = Readonly<Record<string, string | undefined>>;

/**
 * The settings with the contents of such files filled in.
 *
 * @param names the settings that are wanted: others are not read
 */
export function withSecretFiles(
  given: Given,
  names: readonly string[],
): { readonly filled: Given; readonly faults: readonly string[] } {
  const filled = { ...given };
  const faults: string[] = [];
  for (const name of SECRETS.filter((one) => names.includes(one))) {
    const path = given[`${name}_FILE`];
    if (path === undefined) continue;
    try {
      filled[name] = given[name] === undefined ? contentOf(path) : refuseBoth(name);
    } catch (error) {
      faults.push(`${name}_FILE: ${(error as Error).message}`);
    }
  }
  return { filled, faults };
}

const refuseBoth = (name: string): never => {
  throw new Error(`is set together with ${name}; set only one of them`);
};

/** Without the line break that editors add at the end, and the mark that some add at the start. */
function contentOf(path: string): string {
  const text = textOf(path)
    .replace(/^\u{FEFF}/u, '')
    .replace(/\r?\n$/, '');
  if (text.trim() === '') throw new Error(`${path} is empty`);
  return text;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new Error(`${path} cannot be read (${code})`, { cause: error });
  }
}
