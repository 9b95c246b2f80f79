import { SetMetadata } from '@nestjs/common';
import type { z } from 'zod';
import type { ProblemCode } from '../errors/index.js';
import type { ResponseOf } from './response-schema.js';

const OPERATION = 'rowlock:operation';
const REFUSES = 'rowlock:refuses';
const UNLISTED = 'rowlock:unlisted';

/** Headers that some answers have and others do not. */
export type ResponseHeader = 'Location' | 'ETag';

export interface Operation {
  /** What generated clients call it. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly headers?: readonly ResponseHeader[];
}

export interface OperationFacts extends Operation {
  /** Undefined if there is no body. */
  readonly answer: z.ZodType | undefined;
}

/** A result with headers has its body in `body`. A string is JSON that was serialised before. */
type ResultOf<Body> = Body | string | { readonly body: Body };
type HandlerOf<Body> = (...args: never[]) => Promise<ResultOf<Body>> | Body;
type DecoratorOf<Body> = <Handler extends HandlerOf<Body>>(
  prototype: object,
  name: string,
  descriptor: TypedPropertyDescriptor<Handler>,
) => void;

/** What the handler answers if all goes well; the compiler holds it to that. */
export const ApiResult =
  <Schema extends z.ZodType>(
    answer: Schema,
    operation: Operation,
  ): DecoratorOf<ResponseOf<Schema>> =>
  (_, __, { value }) =>
    Reflect.defineMetadata(OPERATION, { ...operation, answer }, value!);

/** The handler answers without a body. */
export const ApiNoContent =
  (operation: Operation): DecoratorOf<void> =>
  (_, __, { value }) =>
    Reflect.defineMetadata(OPERATION, { ...operation, answer: undefined }, value!);

/** Codes of the refusals that are the handler's own; those of all addresses are not repeated. */
export const ApiRefusals =
  (...codes: readonly ProblemCode[]): MethodDecorator =>
  (_, __, { value }) =>
    Reflect.defineMetadata(REFUSES, codes, value as object);

export const operationOf = (handler: object): OperationFacts | undefined =>
  Reflect.getMetadata(OPERATION, handler) as OperationFacts | undefined;

export const refusalsOf = (handler: object): readonly ProblemCode[] =>
  (Reflect.getMetadata(REFUSES, handler) ?? []) as readonly ProblemCode[];

/** Not in the document: a page for people, or an answer that is no JSON. */
export const ApiHidden = (): MethodDecorator => SetMetadata(UNLISTED, true);

export const isUnlisted = (handler: object): boolean => Reflect.hasMetadata(UNLISTED, handler);
