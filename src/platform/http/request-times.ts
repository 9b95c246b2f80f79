import { Injectable } from '@nestjs/common';
import { LabelMap, Histogram, SECONDS_BUCKETS } from '../observability/index.js';

/** How long requests took, in seconds, by method, route and status. */
@Injectable()
export class RequestTimes extends LabelMap<Histogram> {
  constructor() {
    super(() => new Histogram(SECONDS_BUCKETS));
  }
}
