import type { DatabaseReader } from '../platform/database/index.js';
import { SectionDirectory } from './section-directory.js';

const GALA = { organiserId: 'theatre', eventId: 'gala' };

/** A directory whose reads are answered by the test, and the number of its reads. */
function directory() {
  const answers: ((ids: readonly string[] | Error) => void)[] = [];
  const query = () =>
    new Promise((resolve, reject) => {
      answers.push((ids) =>
        ids instanceof Error
          ? reject(ids)
          : resolve(ids.map((id) => ({ id, organiserId: GALA.organiserId }))),
      );
    });
  const config = { AUTH_MODE: 'keys' } as const;
  const sut = new SectionDirectory({ query } as unknown as DatabaseReader, config);
  return { sut, answers };
}

describe(SectionDirectory.name, () => {
  it('shares one read among concurrent and later callers', async () => {
    const { sut, answers } = directory();
    const asked = [sut.sectionsOf(GALA), sut.sectionsOf(GALA)];
    answers[0]!(['stalls']);
    expect(await Promise.all(asked)).toEqual([['stalls'], ['stalls']]);
    expect(await sut.sectionsOf(GALA)).toEqual(['stalls']);
    expect(answers).toHaveLength(1);
  });

  it('reads again after `forget`, and still answers the callers from before', async () => {
    const { sut, answers } = directory();
    const before = sut.sectionsOf(GALA);
    sut.forget(GALA.eventId);
    const after = sut.sectionsOf(GALA);
    answers[0]!(['stalls']);
    answers[1]!(['circle', 'stalls']);
    expect(await before).toEqual(['stalls']);
    expect(await after).toEqual(['circle', 'stalls']);
    expect(await sut.sectionsOf(GALA)).toEqual(['circle', 'stalls']);
    expect(answers).toHaveLength(2);
  });

  it('finds no sections for another organiser', async () => {
    const { sut, answers } = directory();
    const asked = sut.sectionsOf({ ...GALA, organiserId: 'cinema' });
    answers[0]!(['stalls']);
    expect(await asked).toEqual([]);
    expect(await sut.sectionsOf(GALA)).toEqual(['stalls']);
  });

  it.each([
    ['the only section', ['stalls'], 'gala'],
    ['one of two sections', ['circle', 'stalls'], 'galastalls'],
  ])('names the queue for %s of an event', async (_, sections, name) => {
    const { sut, answers } = directory();
    const asked = sut.sectionsOf(GALA);
    answers[0]!(sections);
    await asked;
    expect(sut.queueOf('gala', 'stalls')).toBe(name);
    expect(sut.queueOf('gala', undefined)).toBe('gala');
  });

  it('reads again for an unknown section', async () => {
    const { sut, answers } = directory();
    const asked = sut.has(GALA, 'circle');
    answers[0]!(['stalls']);
    await new Promise(setImmediate);
    answers[1]!(['circle', 'stalls']);
    expect(await asked).toBe(true);
    expect(await sut.has(GALA, 'stalls')).toBe(true);
    expect(answers).toHaveLength(2);
  });

  it.each([
    ['an unknown event', []],
    ['a read that failed', new Error('gone')],
  ])('does not cache %s', async (_, answer) => {
    const { sut, answers } = directory();
    const asked = sut.sectionsOf(GALA).catch(() => 'failed');
    answers[0]!(answer);
    await asked;
    const again = sut.sectionsOf(GALA);
    answers[1]!(['stalls']);
    expect(await again).toEqual(['stalls']);
  });
});
