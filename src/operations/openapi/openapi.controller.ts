import { readFile } from 'node:fs/promises';
import { Controller, Get, Header, NotFoundException, Param, Res } from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply } from 'fastify';
import { PAGE_SECURITY_POLICY, Public, Unlisted } from '../../platform/index.js';
import { PAGE, START } from './docs-page.js';
import { OpenApi } from './openapi.service.js';

/** Files of the page: where they are, and what they are. */
const FILES: Readonly<Record<string, readonly [path: string, type: string]>> = {
  'swagger-ui.css': [require.resolve('swagger-ui-dist/swagger-ui.css'), 'text/css'],
  'swagger-ui-bundle.js': [
    require.resolve('swagger-ui-dist/swagger-ui-bundle.js'),
    'text/javascript',
  ],
};

/** The document for programs, and the same for people: a page that needs nothing from elsewhere. */
@SkipThrottle()
@Public()
@Controller()
export class OpenApiController {
  constructor(private readonly openApi: OpenApi) {}

  @Get('openapi.json')
  @Unlisted()
  @Header('Content-Type', 'application/json; charset=utf-8')
  document(): string {
    return this.openApi.text;
  }

  @Get('docs')
  @Unlisted()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', PAGE_SECURITY_POLICY)
  page(): string {
    return PAGE;
  }

  @Get('docs/start.js')
  @Unlisted()
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  start(): string {
    return START;
  }

  @Get('docs/:file')
  @Unlisted()
  async file(
    @Param('file') name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const [path, type] = Object.hasOwn(FILES, name) ? FILES[name]! : [];
    if (path === undefined || type === undefined) throw new NotFoundException();
    const content = await readFile(path);
    // It changes with the service, so rarely that a browser need not ask again within the hour.
    void reply.header('Content-Type', `${type}; charset=utf-8`);
    void reply.header('Cache-Control', 'public, max-age=3600');
    return content;
  }
}
