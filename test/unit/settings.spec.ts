import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { helpText } from '../../src/command-line.js';
import { listSettings } from '../../src/platform/config/settings-table.js';
import { withSettingsTable } from './support/settings-document.js';

const ROOT = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const settings = listSettings();

describe('the settings', () => {
  it('stand in docs/operations.md as they are (npm run docs:settings writes them)', () => {
    const document = read('docs/operations.md');
    expect(document).toBe(withSettingsTable(document));
  });

  it('stand in .env.example, each with its default', () => {
    const lines = [...read('.env.example').matchAll(/^(# )?([A-Z_]+)=(.*)$/gm)];
    // What has no default is commented out, and shows what it could be.
    const shown = lines.map(([, isComment, name, value]) => [name, isComment ? undefined : value]);
    // The one whose default is another in production.
    const own: Readonly<Record<string, string>> = { AUTH_MODE: 'open' };
    const asTheyAre = settings.map(({ name, standard }) => [name, own[name] ?? standard]);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(asTheyAre));
  });

  it.each(settings.map((setting) => [setting.name, setting] as const))(
    '%s stands in the help, with its default and a sentence',
    (name, { standard, meaning }) => {
      const head = standard === undefined ? `  ${name}` : `  ${name}=${standard}`;
      expect(helpText().split('\n')).toContain(head);
      expect(meaning).toMatch(/^[A-Z].+\.$/);
    },
  );

  it('know what a setting may be', () => {
    const choices = new Map(settings.map((setting) => [setting.name, setting.choices]));
    expect(choices.get('AUTH_MODE')).toEqual(['open', 'keys']);
    expect(choices.get('RATE_LIMIT_ENABLED')).toEqual(['true', 'false']);
    expect(choices.get('PORT')).toEqual([]);
  });
});
