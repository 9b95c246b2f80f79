import { RequestMethod, type Type } from '@nestjs/common';
import {
  HTTP_CODE_METADATA,
  METHOD_METADATA,
  PATH_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { ACCESS, type Access } from '../http/index.js';
import {
  isHidden,
  type OperationFacts,
  operationOf,
  refusalsOf,
  type SchemaClass,
} from '../schema/index.js';

/** A route of the API, as the decorators of its handler describe it. */
export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** `/v1/events/{id}` */
  readonly path: string;
  readonly access: Access;
  /** For those who operate the service: without rate limits, and without the database. */
  readonly isOperational: boolean;
  /** The status of a successful response. */
  readonly status: number;
  readonly operation: OperationFacts;
  /** Error codes that `@ApiRefusals` lists. */
  readonly refusals: readonly string[];
  readonly body: SchemaClass | undefined;
  readonly query: SchemaClass | undefined;
  /** Names of path parameters. */
  readonly parameters: readonly string[];
  readonly readsIfMatch: boolean;
}

/** Metadata that `@SkipThrottle()` leaves behind. */
const SKIP = 'THROTTLER:SKIPdefault';

interface Handler {
  readonly controller: Type;
  readonly name: string;
  readonly handler: object;
}

/**
 * All routes of the document, from the metadata that Nest itself routes by. Its keys are not part of
 * Nest's public interface (@nestjs/swagger reads the same ones): if one changes, the tests of the
 * document fail.
 */
export const routesOf = (container: ModulesContainer): Route[] =>
  handlersOf(container)
    .filter(({ handler }) => !isHidden(handler))
    .map(routeOf);

function handlersOf(container: ModulesContainer): Handler[] {
  const modules = [...container.values()];
  const controllers = modules.flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    const controller = metatype as Type;
    const prototype = controller.prototype as Record<string, object>;
    return new MetadataScanner()
      .getAllMethodNames(prototype)
      .map((name) => ({ controller, name, handler: prototype[name]! }))
      .filter(({ handler }) => Reflect.hasMetadata(PATH_METADATA, handler));
  });
}

/** @throws {Error} if the handler lacks `@ApiResult` (or `@ApiNoContent`) or an access decorator */
function routeOf(one: Handler): Route {
  const { controller, name, handler } = one;
  const operation = operationOf(handler);
  const access = onEither(ACCESS, one) as Access | undefined;
  if (operation === undefined || access === undefined) {
    throw new Error(`${controller.name}.${name} lacks @ApiResult or @NeedsKey`);
  }
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]!;
  const path = pathOf(one);
  const status = Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined;
  return {
    method: method.toLowerCase() as Route['method'],
    path,
    access,
    isOperational: onEither(SKIP, one) === true,
    status: status ?? (method === 'POST' ? 201 : 200),
    operation,
    refusals: refusalsOf(handler),
    parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter!),
    ...argumentsOf(one),
  };
}

const onEither = (key: string, { controller, handler }: Handler): unknown =>
  Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);

function pathOf({ controller, handler }: Handler): string {
  const own = [controller, handler].map((one) => Reflect.getMetadata(PATH_METADATA, one) as string);
  const parts = own.flatMap((path) => path.split('/')).filter((part) => part !== '');
  return `/${parts.map((part) => part.replace(/^:(.+)$/, '{$1}')).join('/')}`;
}

/** The parts of the request that the handler takes as arguments. */
function argumentsOf({
  controller,
  name,
}: Handler): Pick<Route, 'body' | 'query' | 'readsIfMatch'> {
  const given = Object.entries(
    (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<
      string,
      { readonly index: number; readonly data?: unknown }
    >,
  );
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype as object, name) as
    readonly SchemaClass[] | undefined;
  const find = (kind: RouteParamtypes) => given.find(([key]) => key.startsWith(`${kind}:`))?.[1];
  const typeOf = (kind: RouteParamtypes) => types?.[find(kind)?.index ?? -1];
  return {
    body: typeOf(RouteParamtypes.BODY),
    query: typeOf(RouteParamtypes.QUERY),
    readsIfMatch: find(RouteParamtypes.HEADERS)?.data === 'if-match',
  };
}
