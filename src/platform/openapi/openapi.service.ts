import { Injectable } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { type OpenApiDocument, openApiDocument } from './document.js';
import { EXAMPLES } from './examples.js';
import { routesOf } from './routes.js';

interface Made {
  readonly document: OpenApiDocument;
  readonly json: Buffer;
}

/** Made when it is first asked for, from the decorators of all handlers, and kept. */
@Injectable()
export class OpenApi {
  private made: Made | undefined;

  constructor(private readonly modules: ModulesContainer) {}

  get document(): OpenApiDocument {
    return this.get().document;
  }

  /** The same as JSON: one for all answers, of which text would be copied into each. */
  get json(): Buffer {
    return this.get().json;
  }

  private get(): Made {
    if (this.made === undefined) {
      const document = openApiDocument(routesOf(this.modules), EXAMPLES);
      this.made = { document, json: Buffer.from(`${JSON.stringify(document, null, 2)}\n`) };
    }
    return this.made;
  }
}
