import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ACCESS, type Access, type Caller, ANONYMOUS_CALLER } from '../platform/http/index.js';
import { CONFIG, type Config } from '../platform/config/index.js';
import { DomainError } from '../platform/errors/index.js';
import { WrongKeyLimiter } from './wrong-key-limiter.js';

const BEARER = /^Bearer +(\S+)$/i;

/**
 * Lets in who may come in. It stands before every handler, whatever the way in which the address is
 * written, and an address that does not say whom it is open to is open to nobody.
 *
 * @throws {DomainError} `key_required`, `key_invalid`, `scope_missing`; `rate_limited` once too many wrong
 *   keys have come from an address
 */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly byHandler = new WeakMap<object, Access>();

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'AUTH_MODE'>,
    private readonly reflector: Reflector,
    private readonly guesses: WrongKeyLimiter,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = this.accessTo(context);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (this.config.AUTH_MODE === 'keys') return this.admit(request, access);
    request.caller = ANONYMOUS_CALLER;
    return true;
  }

  private async admit(request: FastifyRequest, access: Access): Promise<boolean> {
    const caller = await this.callerOf(request);
    if (access !== 'key' && access !== 'public' && !caller.scopes.has(access)) {
      throw scopeMissing(access);
    }
    request.caller = caller;
    return true;
  }

  private async callerOf({ headers, client }: FastifyRequest): Promise<Caller> {
    const { authorization } = headers;
    if (authorization === undefined) throw keyRequired();
    const [, token] = BEARER.exec(authorization) ?? [];
    const found = token && (await this.guesses.callerWith(token, client));
    if (typeof found === 'object') return found;
    throw keyInvalid();
  }

  private accessTo(context: ExecutionContext): Access {
    const handler = context.getHandler();
    let access = this.byHandler.get(handler);
    if (access === undefined) {
      access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
        handler,
        context.getClass(),
      ]);
      if (access === undefined) throw new Error(`${handler.name} does not say who may call it`);
      this.byHandler.set(handler, access);
    }
    return access;
  }
}

const keyRequired = (): DomainError => new DomainError('key_required');

/** Which of the reasons it is, is nobody's business who does not know already. */
const keyInvalid = (): DomainError => new DomainError('key_invalid');

const scopeMissing = (scope: string): DomainError =>
  new DomainError('scope_missing', { extensions: { scope } });
