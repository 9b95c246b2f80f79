/** The code of a system error (`ENOENT`); not by instanceof, which fails across jest's realms. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return String(error.code);
}
