import { z } from 'zod';
import { settings } from './config.js';
import { SETTING_DESCRIPTIONS } from './setting-descriptions.js';

/** A setting as operators see it, derived from the schema so that the two cannot differ. */
export interface Setting {
  readonly name: string;
  /** The default, as it would be written in the environment; undefined if there is none. */
  readonly standard: string | undefined;
  /** The allowed values, for settings that have a fixed list. */
  readonly choices: readonly string[];
  readonly meaning: string;
}

export function listSettings(): readonly Setting[] {
  return Object.entries(settings.shape).map(([name, schema]) => ({
    name,
    standard: schema.parse(undefined)?.toString(),
    choices: choicesOf(schema),
    meaning: SETTING_DESCRIPTIONS[name as keyof typeof SETTING_DESCRIPTIONS],
  }));
}

function choicesOf(schema: z.core.$ZodType): readonly string[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) {
    return choicesOf(schema.unwrap());
  }
  if (schema instanceof z.ZodPipe) return choicesOf(schema.in);
  if (!(schema instanceof z.ZodEnum)) return [];
  // A flag may also be 1 or 0, which are aliases.
  return schema.options.map(String).filter((choice) => !/^\d$/.test(choice));
}

/** The table in docs/operations.md. */
export function settingsAsMarkdown(): string {
  const rows = listSettings().map(({ name, standard, choices, meaning }) => {
    const also = choices.length > 0 ? ` One of ${choices.map(code).join(', ')}.` : '';
    return `| \`${name}\` | ${standard === undefined ? '' : code(standard)} | ${meaning}${also} |`;
  });
  return ['| setting | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Shown in .env.example for settings without a default. */
const EXAMPLES: Readonly<Record<string, string>> = {
  DATABASE_URL: 'mysql://rowlock:secret@127.0.0.1:3306/rowlock',
  DATABASE_URL_FILE: '/run/secrets/database_url',
  EMBEDDED_MYSQLD: '/usr/sbin/mariadbd',
  AUTH_MODE: 'keys',
  ALLOWED_HOSTS: 'rowlock.internal',
  ADMIN_API_KEY_FILE: '/run/secrets/admin_api_key',
  REDIS_URL_FILE: '/run/secrets/redis_url',
  REDIS_URL: 'redis://127.0.0.1:6379',
  TRUST_PROXY: 'loopback',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
};

const COMMENT_WIDTH = 105;
const COMMENT_LINE = new RegExp(`(.{1,${COMMENT_WIDTH}})(?: |$)`, 'g');

/** The settings as .env.example shows them: each with its description, and commented out. */
export function settingsAsEnvFile(): string {
  const settingsShown = listSettings().map(({ name, standard, choices, meaning }) => {
    const also = choices.length > 0 ? ` One of: ${choices.join(', ')}.` : '';
    const text = (meaning + also).replaceAll(COMMENT_LINE, '# $1\n');
    return `${text}# ${name}=${standard ?? EXAMPLES[name] ?? ''}\n`;
  });
  return settingsShown.join('\n');
}

const code = (text: string): string => `\`${text}\``;
