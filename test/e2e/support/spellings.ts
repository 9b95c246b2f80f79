const TAILS = ['/', '//', '%2f', ';x=1', '/.', '%20'];

/** Other ways to write an address, by which a guard that goes by its text could be passed. */
export const spellingsOf = (path: string): string[] => [
  ...TAILS.map((tail) => path + tail),
  `/${path}`,
  path.toUpperCase(),
  path.replace('/', '/%2e/'),
  path.replace('/', '/;/'),
  path.replaceAll(/(?<=.)\//g, '%2f'),
  path.replace(/\w/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
];
