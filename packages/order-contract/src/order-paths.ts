/** The name under which the service registers. */
export const orderServiceName = 'order-service';

/** The default port of order-service. */
export const orderServicePort = 8002;

/** The default port of order-service for gRPC. */
export const orderGrpcPort = 9002;

/** The paths that order-service serves. */
export const orderPaths = {
  /** The tutorial's form: `GET /order?id=1`. */
  byQuery: '/order',
  /** The list, or one user's with `?user_id=`: read it, add to it. */
  all: '/orders',
  /** One order: read, change, delete. */
  one: (id: number): string => `/orders/${id}`,
  /** Cancels one order. */
  cancel: (id: number): string => `/orders/${id}/cancel`,
} as const;
