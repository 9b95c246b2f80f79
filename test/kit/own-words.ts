import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { folded } from './private-values.js';

const ROOT = resolve(__dirname, '../..');

/** Skips comments, so that an apostrophe in one does not start a string. */
const LITERALS =
  /\/\*[^]*?\*\/|\/\/[^\n]*|'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g;
/** A stack frame, at the start of a line or of a JSON string. */
const FRAME = /(?:^|":")\s*at [^\n"]*?(?::\d+:\d+|<anonymous>|native)\)?/;
const TWO_WORDS = /[\p{L}\p{N}_]\P{L}*\s\P{L}*[\p{L}\p{N}_]/u;

/**
 * Text that a service logs regardless of its requests: paths of this machine, stack frames,
 * field names, and sentences of its source code.
 */
export class OwnWords {
  private readonly folders: readonly string[];
  private source: { text: string; literals: Set<string>; sentences: string[] } | undefined;

  constructor(
    private readonly readSource: () => string = sourceOfService,
    folders: readonly string[] = [ROOT, tmpdir(), dirname(process.execPath)],
  ) {
    this.folders = folders.map(folded).filter((folder) => folder.length > 1);
  }

  /** Whether the text at this place belongs to one of these. Everything is case-folded. */
  include(log: string, at: number, length: number): boolean {
    return (
      this.folders.some((folder) => isWithin(folder, log, at, length)) ||
      isInFrame(log, at, length) ||
      this.isName(log, at, length) ||
      this.isInSentence(log, at, length)
    );
  }

  /** A field name, or a message of one word. */
  private isName(log: string, at: number, length: number): boolean {
    const word = log.slice(at, at + length);
    if (log[at - 1] !== '"' || log[at + length] !== '"') return false;
    if (log[at + length + 1] === ':')
      return new RegExp(`\\b${escaped(word)}\\b`).test(this.known.text);
    return log.slice(0, at).endsWith('"msg":"') && this.known.literals.has(word);
  }

  private isInSentence(log: string, at: number, length: number): boolean {
    const word = log.slice(at, at + length);
    return this.known.sentences.some((sentence) => {
      for (
        let inside = sentence.indexOf(word);
        inside !== -1;
        inside = sentence.indexOf(word, inside + 1)
      ) {
        if (log.startsWith(sentence, at - inside)) return true;
      }
      return false;
    });
  }

  /** Read only when something was found, which is rare. */
  private get known() {
    if (this.source === undefined) {
      const text = folded(this.readSource());
      const literals = new Set(literalsIn(text));
      this.source = {
        text,
        literals,
        sentences: [...literals].filter((one) => TWO_WORDS.test(one)),
      };
    }
    return this.source;
  }
}

function isWithin(whole: string, log: string, at: number, length: number): boolean {
  const from = log.lastIndexOf(whole, at);
  return from !== -1 && at + length <= from + whole.length;
}

function isInFrame(log: string, at: number, length: number): boolean {
  const start = log.lastIndexOf('\n', at) + 1;
  const end = log.indexOf('\n', at);
  const frame = FRAME.exec(log.slice(start, end === -1 ? undefined : end));
  if (frame === null) return false;
  const from = start + frame.index;
  return from <= at && at + length <= from + frame[0].length;
}

/** String literals of the source code; of a template, the parts between its values. */
const literalsIn = (source: string): string[] =>
  [...source.matchAll(LITERALS)].flatMap(([, single, double, template]) => {
    const text = single ?? double ?? template ?? '';
    return text.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(/\\(.)/g, '$1'));
  });

function sourceOfService(): string {
  const folder = join(ROOT, 'src');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
}

const escaped = (word: string): string => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
