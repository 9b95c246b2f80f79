import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { helpText } from '../../src/bootstrap/command-line.js';
import { loadConfig } from '../../src/platform/config/config.js';
import { listSettings, settingsAsEnvFile } from '../../src/platform/config/settings-table.js';
import { withSettingsTable } from './support/settings-document.js';

const ROOT = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const settings = listSettings();

describe('the settings', () => {
  it('match docs/operations.md (npm run docs:settings writes them)', () => {
    const document = read('docs/operations.md');
    expect(document).toBe(withSettingsTable(document));
  });

  it('match .env.example (npm run docs:settings writes them)', () => {
    const introduction = /^[^]*?\n\n/.exec(read('.env.example'))![0];
    expect(read('.env.example')).toBe(introduction + settingsAsEnvFile());
  });

  it('are listed in .env.example, each with its default', () => {
    const lines = [...read('.env.example').matchAll(/^(# )?([A-Z_]+)=(.*)$/gm)];
    expect(lines.map(([, , name]) => name)).toEqual(settings.map(({ name }) => name));
    const shown = new Map(lines.map(([, , name, value]) => [name, value]));
    // A setting without a default shows an example.
    for (const { name, standard } of settings) if (standard) expect(shown.get(name)).toBe(standard);
  });

  it('are unchanged by .env.example as .env file: it opens nothing and sets no port', () => {
    expect(parseEnv(read('.env.example'))).toEqual({});
    expect(() => loadConfig({ NODE_ENV: 'production', ...parseEnv(read('.env.example')) })).toThrow(
      'AUTH_MODE: is required in production',
    );
  });

  it.each(settings.map((setting) => [setting.name, setting] as const))(
    '%s appears in the help, with its default and a sentence',
    (name, { standard, meaning }) => {
      const head = standard === undefined ? `  ${name}` : `  ${name}=${standard}`;
      expect(helpText().split('\n')).toContain(head);
      expect(meaning).toMatch(/^[A-Z].+\.$/);
    },
  );

  it('list the allowed values', () => {
    const choices = new Map(settings.map((setting) => [setting.name, setting.choices]));
    expect(choices.get('AUTH_MODE')).toEqual(['open', 'keys']);
    expect(choices.get('RATE_LIMIT_ENABLED')).toEqual(['true', 'false']);
    expect(choices.get('PORT')).toEqual([]);
  });
});
