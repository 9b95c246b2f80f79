import 'reflect-metadata';
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Inject,
  Module,
  Post,
  RequestMethod,
  type Type,
  ValidationPipe,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { Pool } from 'mysql2';
import { LoggerModule } from 'nestjs-pino';
import type { DataSource } from 'typeorm';
import { parseDatabaseUrl } from '../../../src/platform/config/database-url.js';
import { type BookAnswer, type CancelAnswer, PersonAtEvent, Strategy } from './contract.js';
import { ENTITIES } from './entities.js';
import { FixedWindow } from './fixed-window.js';
import { SectionOf } from './section-of.js';

const POOL_SIZE = 16;
/** Counted, as in the product, but never reached. */
const LIMIT = { ttl: 10_000, limit: 100_000_000 };

@Controller()
class BookingController {
  constructor(@Inject(Strategy) private readonly strategy: Strategy) {}

  @Post('book')
  book(@Body() body: PersonAtEvent): Promise<BookAnswer> {
    return this.strategy.book(body);
  }

  @Post('cancel')
  @HttpCode(200)
  cancel(@Body() body: PersonAtEvent): Promise<CancelAnswer> {
    return this.strategy.cancel(body);
  }

  @Get('health/live')
  live(): { status: string } {
    return { status: 'up' };
  }
}

function moduleWith(strategy: Type<Strategy>): Type {
  @Module({
    imports: [
      LoggerModule.forRoot({
        // nestjs-pino's default route matches nothing but '/' on Nest 12 with Fastify.
        forRoutes: [{ path: '{*splat}', method: RequestMethod.ALL }],
        pinoHttp: {
          level: 'info',
          quietReqLogger: true,
          serializers: {
            req: ({ method, url }: { method: string; url: string }) => ({ method, path: url }),
            res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
          },
        },
      }),
      ThrottlerModule.forRoot({ throttlers: [LIMIT], storage: new FixedWindow() }),
      TypeOrmModule.forRoot({
        type: 'mysql',
        ...parseDatabaseUrl(process.env['DATABASE_URL']!),
        charset: 'utf8mb4',
        timezone: 'Z',
        synchronize: false,
        entities: ENTITIES,
        poolSize: POOL_SIZE,
      }),
    ],
    controllers: [BookingController],
    providers: [
      SectionOf,
      { provide: Strategy, useClass: strategy },
      { provide: APP_GUARD, useClass: ThrottlerGuard },
    ],
  })
  class BaselineModule {}
  return BaselineModule;
}

/** The service of a baseline: the product's stack, with another way to book. */
export async function serve(strategy: Type<Strategy>): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(
    moduleWith(strategy),
    new FastifyAdapter(),
    { bufferLogs: true },
  );
  app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true }));
  const { driver } = app.get<DataSource>(getDataSourceToken());
  // Once a connection instead of once a transaction: a round trip less for every booking.
  (driver as unknown as { pool: Pool }).pool.on('connection', (connection) => {
    connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  });
  await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
}
