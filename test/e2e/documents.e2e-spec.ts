import { ServiceProcess, useDatabase } from '../kit/index.js';
import { TriedDocument } from './support/document.js';

const DOCUMENTS = [
  'README.md',
  'docs/api.md',
  'docs/coming-from-another-system.md',
  'docs/errors.md',
];

/** What stands in the documents is what happens: every command in them is run, in its order. */
describe.each(DOCUMENTS)('%s', (name) => {
  const database = useDatabase();
  const document = new TriedDocument(name);
  let service: ServiceProcess;

  beforeAll(async () => {
    service = await ServiceProcess.start({ DATABASE_URL: database.url });
  });

  afterAll(() => service.stop());

  it('shows something to try', () => {
    expect(document.steps.length).toBeGreaterThan(0);
  });

  it.each([...document.steps])('line $line', async (step) => {
    const { printed, promised } = await document.try(step, service.api.baseUrl);
    expect(printed).toEqual(promised);
  });
});
