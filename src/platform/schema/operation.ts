import { SetMetadata } from '@nestjs/common';
import type { ResponseSchema } from './schema-union.js';

const OPERATION = 'rowlock:operation';
const REFUSALS = 'rowlock:refusals';
const HIDDEN = 'rowlock:hidden';

/** Response headers that only some operations send. */
export type ResponseHeader = 'Location' | 'ETag';

export interface Operation {
  /** The name of the operation in generated clients. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly headers?: readonly ResponseHeader[];
}

export interface OperationFacts extends Operation {
  /** Undefined if the response has no body. */
  readonly response: ResponseSchema | undefined;
}

/** Text stands for JSON that was made before. */
type HandlerOf<Body> = (...args: never[]) => Promise<Body | string> | Body;
type DecoratorOf<Body> = <Handler extends HandlerOf<Body>>(
  prototype: object,
  name: string,
  descriptor: TypedPropertyDescriptor<Handler>,
) => void;

/** The response of a handler that succeeds; the compiler checks that the handler returns it. */
export const ApiResult =
  <Body extends object>(
    response: ResponseSchema<Body>,
    operation: Operation,
  ): DecoratorOf<NoInfer<Body>> =>
  (_, __, { value }) =>
    Reflect.defineMetadata(OPERATION, { ...operation, response }, value!);

/** The response of a handler that succeeds has no body. */
export const ApiNoContent =
  (operation: Operation): DecoratorOf<void> =>
  (_, __, { value }) =>
    Reflect.defineMetadata(OPERATION, { ...operation, response: undefined }, value!);

/** Error codes of this operation. Those that follow from its kind are added by rule. */
export const ApiRefusals =
  (...codes: readonly string[]): MethodDecorator =>
  (_, __, { value }) =>
    Reflect.defineMetadata(REFUSALS, codes, value as object);

/** Leaves the operation out of the document: a page for people, or a response that is not JSON. */
export const ApiHidden = (): MethodDecorator => SetMetadata(HIDDEN, true);

export const operationOf = (handler: object): OperationFacts | undefined =>
  Reflect.getMetadata(OPERATION, handler) as OperationFacts | undefined;

export const refusalsOf = (handler: object): readonly string[] =>
  (Reflect.getMetadata(REFUSALS, handler) ?? []) as readonly string[];

export const isHidden = (handler: object): boolean => Reflect.hasMetadata(HIDDEN, handler);
