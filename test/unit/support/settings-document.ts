import { settingsAsMarkdown } from '../../../src/platform/config/settings-table.js';

const START = '<!-- settings: made by npm run docs:settings -->';
const END = '<!-- end of settings -->';

/** @returns the document with the current settings in the table between the marks */
export function withSettingsTable(document: string): string {
  const start = document.indexOf(START);
  const end = document.indexOf(END);
  if (start === -1 || end < start) throw new Error(`The document lacks ${START} or ${END}`);
  const before = document.slice(0, start + START.length);
  return `${before}\n\n${settingsAsMarkdown()}\n\n${document.slice(end)}`;
}
