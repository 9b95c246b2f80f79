import { ServiceProcess, useDatabase } from '../kit/index.js';
import { TriedDocument } from './support/document.js';

const DOCUMENTS = [
  'README.md',
  'docs/api.md',
  'docs/coming-from-another-system.md',
  'docs/errors.md',
];

/** Runs every command of the document, in order; the output must be the one shown there. */
describe.each(DOCUMENTS)('%s', (name) => {
  const database = useDatabase();
  const document = new TriedDocument(name);
  let service: ServiceProcess;

  beforeAll(async () => {
    service = await ServiceProcess.start({ DATABASE_URL: database.url });
  });

  afterAll(() => service.stop());

  it('contains commands to run', () => {
    expect(document.steps.length).toBeGreaterThan(0);
  });

  it.each([...document.steps])(
    'the command at line $line prints what the document shows',
    async (step) => {
      const { printed, promised } = await document.try(step, service.api.baseUrl);
      expect(printed).toEqual(promised);
    },
  );
});
