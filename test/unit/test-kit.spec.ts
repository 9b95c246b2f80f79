import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const manifestIn = (folder: string): unknown =>
  JSON.parse(readFileSync(join(__dirname, '../..', folder, 'package.json'), 'utf8'));

describe('the package of the test kit', () => {
  it('has the version and the supported Node versions of the service', () => {
    const { version, engines } = manifestIn('.') as { version: string; engines: object };
    expect(manifestIn('test/kit')).toMatchObject({ version, engines });
  });
});
