import { Injectable } from '@nestjs/common';
import { ByLabels, Distribution, SECONDS } from '../observability/index.js';

/** How long requests took, in seconds, by method, route and status. */
@Injectable()
export class RequestTimes extends ByLabels<Distribution> {
  constructor() {
    super(() => new Distribution(SECONDS));
  }
}
