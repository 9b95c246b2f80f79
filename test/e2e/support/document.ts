import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { logWatch } from '../../kit/log-watch.js';

/** A block of commands in a document, and the output that the document shows for it. */
export interface Step {
  readonly line: number;
  readonly commands: string;
  /** The text of the block right after it, if that shows an answer. */
  readonly answer: string | undefined;
}

const BLOCK = /^```(\w+)\n([\s\S]*?)\n```$/gm;
const ASSIGNMENT = /(?:^|`)([A-Z_]+)=([\w-]+)(?=`|$)/gm;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** Stands for omitted fields, as name and as value. */
const MORE = '…';
const BASE = 'http://127.0.0.1:3000';

const isUuid = (text: string): boolean => new RegExp(`^${UUID.source}$`).test(text);

/** The blocks of a document that call the service, in order. */
export function stepsOf(markdown: string): Step[] {
  const blocks = [...markdown.matchAll(BLOCK)].map((match) => {
    const [all, language, text] = match;
    return { language, text: text!, start: match.index, end: match.index + all.length };
  });
  return blocks.flatMap(({ language, text, start, end }, nth): Step[] => {
    if (language !== 'sh' || !text.includes(BASE)) return [];
    const next = blocks[nth + 1];
    const isAnswer = next !== undefined && ['json', 'text'].includes(next.language!);
    const isNear = isAnswer && markdown.slice(end, next.start).trim() === '';
    const line = markdown.slice(0, start).split('\n').length;
    return [{ line, commands: text, answer: isNear ? next.text : undefined }];
  });
}

/**
 * A document whose commands run against a service. Their output must equal what the document
 * shows, except for ids, times and what it omits ("…"). An id in the document stands for the real
 * id in the output, in later commands as well.
 */
export class TriedDocument {
  readonly steps: readonly Step[];
  private readonly markdown: string;
  private readonly ids = new Map<string, string>();

  constructor(name: string) {
    this.markdown = readFileSync(join(__dirname, '../../..', name), 'utf8');
    this.steps = stepsOf(this.markdown);
  }

  /** @returns the real and the documented output, in comparable form */
  async try(step: Step, baseUrl: string): Promise<{ printed: unknown; promised: unknown }> {
    const commands = this.translate(step.commands).replaceAll(BASE, baseUrl);
    logWatch.values.addCommands(commands);
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-euc', commands], {
      env: { PATH: process.env['PATH'], ...this.variables },
      timeout: 20_000,
    });
    if (step.answer === undefined) return { printed: undefined, promised: undefined };
    const [printed, promised] = [valuesIn(stdout), valuesIn(step.answer)];
    this.learn(promised, printed);
    const shown = asFarAsShown(promised, printed);
    return { printed: this.comparable(shown), promised: this.comparable(promised) };
  }

  /** Shell variables that the document sets, in a block or in its text. */
  private get variables(): Record<string, string> {
    const set = [...this.markdown.matchAll(ASSIGNMENT)];
    return Object.fromEntries(set.map(([, name, value]) => [name!, this.translate(value!)]));
  }

  private translate(text: string): string {
    return text.replaceAll(UUID, (id) => this.ids.get(id) ?? id);
  }

  private learn(promised: unknown, printed: unknown): void {
    if (typeof promised === 'string' && typeof printed === 'string') {
      if (isUuid(promised) && isUuid(printed)) this.ids.set(promised, printed);
      return;
    }
    if (!isObject(promised) || !isObject(printed)) return;
    for (const [name, value] of Object.entries(promised)) this.learn(value, printed[name]);
  }

  private comparable(value: unknown, name = ''): unknown {
    if (typeof value === 'string') {
      if (TIME.test(value)) return '<time>';
      return name === 'nextCursor' ? '<cursor>' : this.translate(value);
    }
    if (Array.isArray(value)) return value.map((part) => this.comparable(part));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, this.comparable(part, key)]),
    );
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The output without the fields that the document omits with a "…". */
function asFarAsShown(promised: unknown, printed: unknown): unknown {
  if (!isObject(promised) || !isObject(printed)) return printed;
  const isShown = ([name]: [string, unknown]): boolean => !(MORE in promised) || name in promised;
  const fields = Object.entries(printed).filter(isShown);
  if (MORE in promised) fields.push([MORE, MORE]);
  const shown = fields.map(([name, value]) => [name, asFarAsShown(promised[name], value)] as const);
  return Array.isArray(printed) ? shown.map(([, value]) => value) : Object.fromEntries(shown);
}

/** One JSON document per line, or one over all lines; otherwise the text itself. */
function valuesIn(text: string): unknown {
  try {
    return [JSON.parse(text)];
  } catch {
    return text.trim().split('\n').map(valueIn);
  }
}

function valueIn(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
