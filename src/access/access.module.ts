import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Config } from '../platform/config/index.js';
import { AdminGuesses } from './admin-guesses.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { WrongKeyLimiter } from './wrong-key-limiter.js';
import { AccessGuard } from './access.guard.js';
import { KeyRateGuard, keyThrottlers } from './key-rate.guard.js';
import { KeyRing } from './key-ring.js';
import { KeyUses } from './key-uses.js';
import { KeysRepository } from './keys.repository.js';
import { OrganiserEntity } from './organiser.entity.js';

/** API keys of organisers, and what each may do. */
@Module({})
export class AccessModule {
  static forRoot(config: Config): DynamicModule {
    const hasLimits = config.RATE_LIMIT_ENABLED && config.AUTH_MODE === 'keys';
    return {
      module: AccessModule,
      imports: [
        TypeOrmModule.forFeature([OrganiserEntity, ApiKeyEntity]),
        ...(hasLimits ? [keyThrottlers()] : []),
      ],
      providers: [
        KeysRepository,
        KeyUses,
        KeyRing,
        AdminGuesses,
        WrongKeyLimiter,
        { provide: APP_GUARD, useClass: AccessGuard },
        // Must come after AccessGuard, which finds the caller.
        ...(hasLimits ? [{ provide: APP_GUARD, useClass: KeyRateGuard }] : []),
      ],
    };
  }
}
