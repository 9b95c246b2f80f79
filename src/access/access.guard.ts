import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import {
  ACCESS,
  type Access,
  type Caller,
  requestOf,
  UNRESTRICTED_CALLER,
} from '../platform/http/index.js';
import { CONFIG, type Config } from '../platform/config/index.js';
import { DomainError } from '../platform/errors/index.js';
import { WrongKeyLimiter } from './wrong-key-limiter.js';

const BEARER = /^Bearer +(\S+)$/i;

/**
 * Checks the API key of every request. It runs before every handler, however the URL is spelled, and a route
 * that does not declare its access is open to nobody.
 *
 * @throws {DomainError} `key_required`, `key_invalid`, `scope_missing`; `rate_limited` after too many wrong
 *   keys from one address
 */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly byHandler = new WeakMap<object, Access>();

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'AUTH_MODE'>,
    private readonly reflector: Reflector,
    private readonly keys: WrongKeyLimiter,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = this.accessTo(context);
    if (access === 'public') return true;
    const request = requestOf(context);
    if (this.config.AUTH_MODE === 'keys') return this.admit(request, access);
    request.caller = UNRESTRICTED_CALLER;
    return true;
  }

  private async admit(request: FastifyRequest, access: Access): Promise<boolean> {
    const caller = await this.callerOf(request);
    // Before the check of its scopes: the log names the key that lacks one.
    request.caller = caller;
    if (access !== 'key' && access !== 'public' && !caller.scopes.has(access)) {
      throw scopeMissing(access);
    }
    return true;
  }

  private async callerOf({ headers, client }: FastifyRequest): Promise<Caller> {
    const { authorization } = headers;
    if (authorization === undefined) throw keyRequired();
    const [, token] = BEARER.exec(authorization) ?? [];
    const found = token && (await this.keys.callerWith(token, client));
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
      if (access === undefined) throw new Error(`${handler.name} does not declare its access`);
      this.byHandler.set(handler, access);
    }
    return access;
  }
}

const keyRequired = (): DomainError => new DomainError('key_required');

/** Never reveals which of the reasons applies. */
const keyInvalid = (): DomainError => new DomainError('key_invalid');

const scopeMissing = (scope: string): DomainError =>
  new DomainError('scope_missing', { extensions: { scope } });
