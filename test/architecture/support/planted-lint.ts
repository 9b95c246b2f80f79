export interface PlantedFault {
  /** The rule that oxlint must report. */
  rule: string;
  file: string;
  text: string;
}

/** One file per rule, which breaks that rule and no other. */
export const PLANTED_FAULTS: PlantedFault[] = [
  {
    rule: 'typescript(no-floating-promises)',
    file: 'src/bookings/floating.ts',
    text: `const work = async (): Promise<number> => 1;
export function forgets(): void {
  work();
}
`,
  },
  {
    rule: 'typescript(no-misused-promises)',
    file: 'src/bookings/misused.ts',
    text: `const isFull = async (): Promise<boolean> => true;
export function sell(): string {
  if (isFull()) return 'full';
  return 'sold';
}
`,
  },
  {
    rule: 'typescript(await-thenable)',
    file: 'src/bookings/awaits-nothing.ts',
    text: `export async function wait(places: number): Promise<number> {
  return await places;
}
`,
  },
  {
    rule: 'typescript(switch-exhaustiveness-check)',
    file: 'src/bookings/missing-case.ts',
    text: `export function label(status: 'HELD' | 'CONFIRMED'): string {
  switch (status) {
    case 'HELD':
      return 'held';
  }
  return '';
}
`,
  },
  {
    rule: 'typescript(no-explicit-any)',
    file: 'src/bookings/any.ts',
    text: `export function read(row: any): string {
  return String(row);
}
`,
  },
  {
    rule: 'eslint(eqeqeq)',
    file: 'src/bookings/loose.ts',
    text: `export const same = (one: string, other: string): boolean => one == other;
`,
  },
  {
    rule: 'eslint(no-console)',
    file: 'src/bookings/console.ts',
    text: `export const report = (): void => console.log('sold');
`,
  },
  {
    rule: 'node(no-process-env)',
    file: 'src/bookings/environment.ts',
    text: `export const lanes = (): string | undefined => process.env['LANES'];
`,
  },
  {
    rule: 'eslint(no-restricted-imports)',
    file: 'src/bookings/environment-by-import.ts',
    text: `import { env } from 'node:process';
export const lanes = (): string | undefined => env['LANES'];
`,
  },
  {
    rule: 'eslint(no-restricted-imports)',
    file: 'src/bookings/forward-ref.ts',
    text: `import { forwardRef } from '@nestjs/common';
export const later = forwardRef;
`,
  },
  {
    rule: 'eslint(no-restricted-imports)',
    file: 'src/bookings/forward-ref.service.ts',
    text: `import { forwardRef } from '@nestjs/common';
export const later = forwardRef;
`,
  },
  {
    rule: 'eslint(no-restricted-imports)',
    file: 'src/bookings/http-exception.service.ts',
    text: `import { ConflictException } from '@nestjs/common';
export const full = (): Error => new ConflictException('full');
`,
  },
  {
    rule: 'eslint(no-restricted-properties)',
    file: 'src/bookings/own-transaction.ts',
    text: `interface Source {
  transaction(work: () => Promise<void>): Promise<void>;
}
export const run = async (source: Source): Promise<void> => source.transaction(async () => {});
`,
  },
  {
    rule: 'eslint(no-restricted-properties)',
    file: 'src/allocation/core/clock.ts',
    text: `export const now = (): number => Date.now();
`,
  },
  {
    rule: 'eslint(max-params)',
    file: 'src/bookings/six-params.ts',
    text: `export const sum = (a: number, b: number, c: number, d: number, e: number, f: number): number =>
  a + b + c + d + e + f;
`,
  },
  {
    rule: 'eslint(max-depth)',
    file: 'src/bookings/deep.ts',
    text: `export function deep(rows: number[][][]): number {
  let sum = 0;
  for (const row of rows) {
    for (const cells of row) {
      for (const cell of cells) {
        if (cell > 0) sum += cell;
      }
    }
  }
  return sum;
}
`,
  },
  {
    rule: 'eslint(complexity)',
    file: 'src/bookings/complex.ts',
    text: `export function branchy(n: number): number {
${Array.from({ length: 10 }, (_, i) => `  if (n === ${i}) return ${i + 1};`).join('\n')}
  return 0;
}
`,
  },
  {
    rule: 'eslint(max-lines-per-function)',
    file: 'src/bookings/long-function.ts',
    text: `export function long(start: number): number {
  let n = start;
${'  n += 1;\n'.repeat(50)}  return n;
}
`,
  },
  {
    rule: 'eslint(max-lines)',
    file: 'src/bookings/long-file.ts',
    text: Array.from({ length: 251 }, (_, i) => `export const n${i} = ${i};\n`).join(''),
  },
  {
    rule: 'jest(no-focused-tests)',
    file: 'test/unit/focused.spec.ts',
    text: `it.only('runs alone', () => {
  expect(1).toBe(1);
});
`,
  },
];

/** What looks like a fault, but is none. */
export const PLANTED_INNOCENTS: Record<string, string> = {
  'src/platform/config/env.ts': `export const port = (): string | undefined => process.env['PORT'];
`,
  'src/platform/clock.ts': `export const now = (): number => Date.now();
`,
  'src/bookings/bookings.module.ts': `import { Module } from '@nestjs/common';

@Module({})
export class BookingsModule {}
`,
  'src/bookings/bookings.service.ts': `import { Injectable } from '@nestjs/common';
import { Clock } from './clock.js';

@Injectable()
export class BookingsService {
  constructor(private readonly clock: Clock) {}

  at(): number {
    return this.clock.now();
  }
}
`,
  'src/bookings/clock.ts': `export class Clock {
  private readonly offset = 0;

  now(): number {
    return Date.now() + this.offset;
  }
}
`,
  'src/bookings/bookings.controller.ts': `import { NotFoundException } from '@nestjs/common';
export const missing = (): Error => new NotFoundException();
`,
};
