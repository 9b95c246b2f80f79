import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { BookingsService } from './bookings.service.js';
import { BookRequest, type BookResponse, CancelRequest, type CancelResponse } from './dto.js';

@Controller()
export class BookingsController {
  constructor(private readonly bookings: BookingsService) {}

  @Post('book')
  book(@Body() body: BookRequest): Promise<BookResponse> {
    return this.bookings.book(body);
  }

  @Post('cancel')
  @HttpCode(200)
  cancel(@Body() body: CancelRequest): Promise<CancelResponse> {
    return this.bookings.cancel(body);
  }
}
