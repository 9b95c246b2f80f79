import { type INestApplicationContext, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { ACCESS, type Access } from '../../../src/platform/http/index.js';

export interface Route {
  readonly method: string;
  /** `/v1/events/:id` */
  readonly path: string;
  /** Undefined if the route does not declare it; nobody can use the route then. */
  readonly access: Access | undefined;
}

/** Every route of the application, read where Nest itself reads them. */
export function routesOf(app: INestApplicationContext): Route[] {
  const modules = [...app.get(ModulesContainer).values()];
  const controllers = modules.flatMap(({ controllers: own }) => [...own.values()]);
  return controllers.flatMap(({ metatype }) => {
    const prototype = (metatype as { prototype: Record<string, object> }).prototype;
    const handlers = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
    return handlers.flatMap((name) => routeOf(metatype as object, prototype[name]!));
  });
}

function routeOf(controller: object, handler: object): Route[] {
  const path = Reflect.getMetadata(PATH_METADATA, handler) as string | undefined;
  if (path === undefined) return [];
  const prefix = Reflect.getMetadata(PATH_METADATA, controller) as string;
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]!;
  const access = (Reflect.getMetadata(ACCESS, handler) ??
    Reflect.getMetadata(ACCESS, controller)) as Access | undefined;
  const parts = [prefix, path].flatMap((part) => part.split('/')).filter((part) => part !== '');
  return [{ method, path: `/${parts.join('/')}`, access }];
}
