/** The name under which the service registers. */
export const orderServiceName = 'order-service';

/** Where order-service listens unless told otherwise. */
export const orderServicePort = 8002;

/** The paths order-service serves. */
export const orderPaths = {
  /** The tutorial's form: `GET /order?id=1`. */
  byQuery: '/order',
  /** The list, with `?user_id=` one user's: read it, add to it. */
  all: '/orders',
  /** One order: read, change, delete. */
  one: (id: number): string => `/orders/${id}`,
} as const;
