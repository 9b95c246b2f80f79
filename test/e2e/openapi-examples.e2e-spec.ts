import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLES } from '../../src/platform/openapi/examples.js';
import { OpenApi } from '../../src/platform/openapi/index.js';
import { Api, useApp, useDatabase } from '../kit/index.js';
import { Recorder } from './support/recorder.js';
import { tellStory } from './support/story.js';

const FILE = join(__dirname, '../../src/platform/openapi/examples.json');
/** Set by `npm run openapi`, which records the responses instead of comparing them. */
const IS_RECORDING = process.env['RECORD_OPENAPI'] === '1';

describe('the examples of the OpenAPI document', () => {
  const database = useDatabase();
  const app = useApp(database);
  let recorder: Recorder;

  beforeAll(async () => {
    const { port } = app.server.address() as { readonly port: number };
    const api = new Api(`http://127.0.0.1:${port}`);
    recorder = new Recorder(app.nest.get(OpenApi).document, (...sent) => api.send(...sent));
    await tellStory(recorder);
    api.close();
    if (IS_RECORDING) writeFileSync(FILE, `${JSON.stringify(recorder.examples, null, 2)}\n`);
  });

  it('match the responses when they are sent in order', () => {
    expect(recorder.examples).toEqual(IS_RECORDING ? expect.anything() : EXAMPLES);
  });

  it('show a success of every operation', () => {
    const { paths } = app.nest.get(OpenApi).document;
    const operations = Object.values(paths).flatMap((path) => Object.values(path));
    const shown = recorder.examples.filter(({ answer }) => answer.status < 300);
    expect(new Set(shown.map(({ operation }) => operation))).toEqual(
      new Set(operations.map(({ operationId }) => operationId)),
    );
  });
});
