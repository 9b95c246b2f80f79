/** Text that is not blank and has no control characters. */
export const SINGLE_LINE_PATTERN = String.raw`^(?=[\s\S]*\S)\P{Cc}+$`;
