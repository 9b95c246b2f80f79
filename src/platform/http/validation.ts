import {
  type ArgumentMetadata,
  Body,
  Param,
  type PipeTransform,
  Query,
  ValidationPipe,
} from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { DomainError, type ProblemCode } from '../errors/index.js';
import { isUuid } from '../common/index.js';
import { type Accept, compileRules, type SchemaClass } from '../schema/index.js';
import type { FieldFault } from './problem-details.js';

/** Listed in one response; a hostile body can have any number. */
const FAULTS_MAX = 20;

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function faultsOf(errors: readonly ValidationError[], parent = ''): FieldFault[] {
  return errors.flatMap((error) => {
    const pointer = `${parent}/${escapePointer(error.property)}`;
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
      pointer,
      message: rule === 'whitelistValidation' ? 'is not a field of this request' : message,
    }));
    return [...own, ...faultsOf(error.children ?? [], pointer)];
  });
}

const invalidRequest = (errors: readonly FieldFault[]): DomainError =>
  new DomainError('invalid_request', { extensions: { errors: errors.slice(0, FAULTS_MAX) } });

export const invalidField = (pointer: string, message: string): DomainError =>
  invalidRequest([{ pointer, message }]);

export const malformedRequest = (): DomainError => new DomainError('malformed_request');

/** Accepts only the fields and types that a request class declares. */
class Validation extends ValidationPipe {
  private readonly compiled = new WeakMap<SchemaClass, Accept>();

  /** A missing body becomes `{}`; JSON that is not an object is rejected. */
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const body = value ?? {};
    if (value === null || !isObject(body)) {
      throw invalidRequest([{ pointer: '', message: 'must be an object' }]);
    }
    const { metatype } = metadata;
    const accepted = isClass(metatype) ? this.accept(body, metatype) : undefined;
    return accepted ?? super.transform(body, metadata);
  }

  private accept(body: Readonly<Record<string, unknown>>, type: SchemaClass): object | undefined {
    let accept = this.compiled.get(type);
    if (accept === undefined) this.compiled.set(type, (accept = compileRules(type)));
    return accept(body);
  }
}

/** A parameter whose type is an interface has the metatype `Object`, or none. */
const isClass = (type: ArgumentMetadata['metatype']): type is SchemaClass =>
  typeof type === 'function' && type !== Object;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const validation = new Validation({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
  validationError: { target: false, value: false },
  exceptionFactory: (errors) => invalidRequest(faultsOf(errors)),
});

/**
 * The request's body, validated against the class of the parameter. A global pipe would also run for every
 * other parameter of every route.
 */
export const ValidBody = (): ParameterDecorator => Body(validation);

/** The request's query, validated like a body. */
export const ValidQuery = (): ParameterDecorator => Query(validation);

/** An id in the path, in lower case. One that is not a UUID is not found, like an unknown one. */
export const IdParam = (name: string, notFound: ProblemCode): ParameterDecorator =>
  Param(name, {
    transform(value: string) {
      const id = value.toLowerCase();
      if (!isUuid(id)) throw new DomainError(notFound);
      return id;
    },
  } satisfies PipeTransform<string, string>);
