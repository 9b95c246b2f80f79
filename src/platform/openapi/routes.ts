import { RequestMethod, type Type } from '@nestjs/common';
import {
  HTTP_CODE_METADATA,
  METHOD_METADATA,
  PATH_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { ModulesContainer } from '@nestjs/core';
import type { ProblemCode } from '../errors/index.js';
import { ACCESS, type Access, UNLIMITED } from '../http/index.js';
import {
  isUnlisted,
  type OperationFacts,
  operationOf,
  refusalsOf,
  type RequestClass,
} from '../schema/index.js';

/** What the decorators of a handler say of its address. */
export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** `/v1/events/{id}` */
  readonly path: string;
  readonly access: Access;
  /** Asked by those who look after the service: not counted, and not in need of the database. */
  readonly isOperational: boolean;
  /** Of the answer, if all goes well. */
  readonly status: number;
  readonly operation: OperationFacts;
  readonly refusals: readonly ProblemCode[];
  readonly body: RequestClass | undefined;
  readonly query: RequestClass | undefined;
  /** Names of parts of the address. */
  readonly parameters: readonly string[];
  readonly readsIfMatch: boolean;
}

interface Handler {
  readonly controller: Type;
  readonly name: string;
  readonly handler: object;
}

/** Every address that the document names, found where Nest itself finds them. */
export const routesOf = (container: ModulesContainer): Route[] =>
  handlersOf(container).flatMap((one) => (isUnlisted(one.handler) ? [] : [routeOf(one)]));

function handlersOf(container: ModulesContainer): Handler[] {
  const modules = [...container.values()];
  const controllers = modules.flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    const controller = metatype as Type;
    const prototype = controller.prototype as Record<string, object>;
    return Object.getOwnPropertyNames(prototype).flatMap((name): Handler[] => {
      const handler = prototype[name]!;
      if (handler === controller) return [];
      return Reflect.hasMetadata(PATH_METADATA, handler) ? [{ controller, name, handler }] : [];
    });
  });
}

/** @throws {Error} if the handler does not say what it answers, or who may call it */
function routeOf(one: Handler): Route {
  const { controller, name, handler } = one;
  const operation = operationOf(handler);
  const access = onEither(ACCESS, one) as Access | undefined;
  if (operation === undefined || access === undefined) {
    throw new Error(`${controller.name}.${name} does not say what it answers, or to whom`);
  }
  const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]!;
  const path = pathOf(one);
  const status = Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined;
  return {
    method: method.toLowerCase() as Route['method'],
    path,
    access,
    isOperational: onEither(UNLIMITED, one) === true,
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

/** What the handler is given of the request. */
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
    readonly RequestClass[] | undefined;
  const find = (kind: RouteParamtypes) => given.find(([key]) => key.startsWith(`${kind}:`))?.[1];
  const typeOf = (kind: RouteParamtypes) => types?.[find(kind)?.index ?? -1];
  return {
    body: typeOf(RouteParamtypes.BODY),
    query: typeOf(RouteParamtypes.QUERY),
    readsIfMatch: find(RouteParamtypes.HEADERS)?.data === 'if-match',
  };
}
