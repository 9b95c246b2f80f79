/** Random text of 32 characters has more of both, even if it consists of digits only. */
const DIFFERENT_CHARACTERS_MIN = 8;
const DIFFERENT_STEPS_MIN = 8;

/**
 * Whether a long key has so little variety that it can hardly be random: few different characters
 * (`aaaa…`), characters that follow each other (`abcd…`), or one part repeated.
 */
export function isGuessable(key: string): boolean {
  const codes = [...Buffer.from(key)];
  const steps = codes.slice(1).map((code, index) => code - codes[index]!);
  return (
    new Set(codes).size < DIFFERENT_CHARACTERS_MIN ||
    new Set(steps).size < DIFFERENT_STEPS_MIN ||
    repeatsPart(key)
  );
}

/** Whether a part of at most half the length, repeated, makes the key or begins with it. */
function repeatsPart(key: string): boolean {
  for (let length = 1; length * 2 <= key.length; length += 1) {
    if (key.startsWith(key.slice(length))) return true;
  }
  return false;
}
