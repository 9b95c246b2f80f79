import { SetMetadata } from '@nestjs/common';
import type { Scope } from './caller.js';

export const ACCESS = 'rowlock:access';

/** What an address asks for: nothing, any key, or a key that is allowed something. */
export type Access = 'public' | 'key' | Scope;

/** Open to everybody, without a key. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(ACCESS, 'public');

/** Open to whoever has a key; with a scope, only if it has that. */
export const NeedsKey = (scope?: Scope): MethodDecorator & ClassDecorator =>
  SetMetadata(ACCESS, scope ?? 'key');
