/**
 * Whether every escape in the path and the query is valid and decodes to UTF-8. The framework leaves a query
 * with other escapes as it is, which would make one person two.
 */
export function isReadableTarget(target: string): boolean {
  if (!target.includes('%')) return true;
  try {
    decodeURIComponent(target);
    return true;
  } catch {
    return false;
  }
}
