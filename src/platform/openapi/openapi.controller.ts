import { readFile } from 'node:fs/promises';
import { Controller, Get, Header, NotFoundException, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PAGE_SECURITY_POLICY, Public } from '../http/index.js';
import { ApiHidden } from '../schema/index.js';
import { PAGE, START } from './docs-page.js';
import { OpenApi } from './openapi.service.js';

/** Files of the page, and what they are. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
]);

/** The document for programs, and the same for people: a page that needs nothing from elsewhere. */
@Public()
@Controller()
export class OpenApiController {
  /** Kept once read: however many ask for them at once, they are in memory once. */
  private readonly files = new Map<string, Promise<Buffer>>();

  constructor(private readonly openApi: OpenApi) {}

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
    // It changes with the service, so rarely that a browser need not ask again within the hour.
    void reply.header('Content-Type', type).header('Cache-Control', 'public, max-age=3600');
    return content;
  }
}
