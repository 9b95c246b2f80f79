import { readFile } from 'node:fs/promises';
import { Controller, Get, Header, NotFoundException, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { versionOf } from '../common/index.js';
import { PAGE_SECURITY_POLICY, Public } from '../http/index.js';
import { ApiHidden } from '../schema/index.js';
import { PAGE, START } from './docs-page.js';
import { OpenApi } from './openapi.service.js';

/** The files of the page and their types. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
]);

/** The document for programs, and a page that shows it to people. */
@Public()
@Controller()
export class OpenApiController {
  /** Read once: concurrent requests share one copy in memory. */
  private readonly files = new Map<string, Promise<Buffer>>();

  constructor(private readonly openApi: OpenApi) {}

  /** For people and programs that know only the address. */
  @Get()
  @ApiHidden()
  index(): Readonly<Record<string, string>> {
    return {
      name: 'Rowlock',
      version: versionOf(),
      docs: '/docs',
      openapi: '/openapi.json',
      health: '/health',
    };
  }

  @Get('openapi.json')
  @ApiHidden()
  @Header('Content-Type', 'application/json; charset=utf-8')
  document(): Buffer {
    return this.openApi.json;
  }

  @Get('docs')
  @ApiHidden()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', PAGE_SECURITY_POLICY)
  page(): string {
    return PAGE;
  }

  @Get('docs/start.js')
  @ApiHidden()
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  start(): string {
    return START;
  }

  @Get('docs/:file')
  @ApiHidden()
  async file(
    @Param('file') name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const type = TYPES.get(name);
    if (type === undefined) throw new NotFoundException();
    const content = this.files.get(name) ?? readFile(require.resolve(`swagger-ui-dist/${name}`));
    this.files.set(name, content);
    // The files change only with a new version of the service.
    void reply.header('Content-Type', type).header('Cache-Control', 'public, max-age=3600');
    return content;
  }
}
