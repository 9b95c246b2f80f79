import type { FastifyReply } from 'fastify';

/** Says in a header where the new thing is, if there is one. */
export const locatedAt =
  <Body>(reply: FastifyReply, pathOf: (body: Body) => string | undefined) =>
  (body: Body): Body => {
    const path = pathOf(body);
    if (path !== undefined) void reply.header('Location', path);
    return body;
  };

export const bookingPath = (id: string): string => `/v1/bookings/${id}`;
