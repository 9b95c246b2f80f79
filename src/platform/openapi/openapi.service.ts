import { Injectable } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { type OpenApiDocument, openApiDocument } from './document.js';
import { EXAMPLES } from './examples.js';
import { routesOf } from './routes.js';

/** The OpenAPI document, made at the first request for it: the start costs nothing. */
@Injectable()
export class OpenApi {
  private made: Buffer | undefined;

  constructor(private readonly modules: ModulesContainer) {}

  /** One buffer for all responses; a string would be encoded for each. */
  get json(): Buffer {
    this.made ??= Buffer.from(
      `${JSON.stringify(openApiDocument(routesOf(this.modules), EXAMPLES), null, 2)}\n`,
    );
    return this.made;
  }

  get document(): OpenApiDocument {
    return JSON.parse(this.json.toString()) as OpenApiDocument;
  }
}
