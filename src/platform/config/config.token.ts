/** Under this token modules receive the checked settings. */
export const CONFIG = Symbol('config');
