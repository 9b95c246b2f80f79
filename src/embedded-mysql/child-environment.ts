/** What programs need to run: where to find others, and the language and time zone of the machine. */
const NEEDED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'LD_LIBRARY_PATH'];

/**
 * The environment of the programs that the service starts. It holds no setting of the service: they do not
 * need its secrets, and anyone who may look at a process may read its environment.
 *
 * @param more names of further variables to pass on
 */
export function childEnvironment(more: readonly string[] = []): NodeJS.ProcessEnv {
  const names = [...NEEDED, ...more];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}
