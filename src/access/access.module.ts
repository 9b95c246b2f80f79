import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiKeyEntity } from './api-key.entity.js';
import { AccessGuard } from './http/access.guard.js';
import { KeyRing } from './key-ring.js';
import { KeyUses } from './key-uses.js';
import { KeysRepository } from './keys.repository.js';
import { OrganiserEntity } from './organiser.entity.js';

/** Who may call what: API keys of organisers. */
@Module({
  imports: [TypeOrmModule.forFeature([OrganiserEntity, ApiKeyEntity])],
  providers: [KeysRepository, KeyUses, KeyRing, { provide: APP_GUARD, useClass: AccessGuard }],
})
export class AccessModule {}
