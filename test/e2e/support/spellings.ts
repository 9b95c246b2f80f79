const TAILS = ['/', '//', '%2f', ';x=1', '/.', '%20'];

/** Other spellings of a path that might get past a guard that compares text. */
export const spellingsOf = (path: string): string[] => [
  ...TAILS.map((tail) => path + tail),
  `/${path}`,
  path.toUpperCase(),
  path.replace('/', '/%2e/'),
  path.replace('/', '/;/'),
  path.replaceAll(/(?<=.)\//g, '%2f'),
  path.replace(/\w/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
];
