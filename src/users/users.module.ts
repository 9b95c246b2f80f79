import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UserEntity } from './user.entity.js';
import { UsersQueries } from './users.queries.js';

@Module({
  imports: [TypeOrmModule.forFeature([UserEntity])],
  providers: [UsersQueries],
  exports: [UsersQueries],
})
export class UsersModule {}
