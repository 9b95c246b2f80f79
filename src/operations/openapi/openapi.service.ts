import { Injectable } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { type OpenApiDocument, openApiDocument } from './document.js';
import { EXAMPLES } from './examples.js';
import { routesOf } from './routes.js';

/** Made when it is first asked for, from the decorators of all handlers, and kept. */
@Injectable()
export class OpenApi {
  private made: { readonly document: OpenApiDocument; readonly text: string } | undefined;

  constructor(private readonly modules: ModulesContainer) {}

  get document(): OpenApiDocument {
    return this.get().document;
  }

  /** The same as JSON. */
  get text(): string {
    return this.get().text;
  }

  private get(): { readonly document: OpenApiDocument; readonly text: string } {
    if (this.made === undefined) {
      const document = openApiDocument(routesOf(this.modules), EXAMPLES);
      this.made = { document, text: `${JSON.stringify(document, null, 2)}\n` };
    }
    return this.made;
  }
}
