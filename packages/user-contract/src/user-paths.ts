/** The name under which the service registers. */
export const userServiceName = 'user-service';

/** The default port of user-service. */
export const userServicePort = 8001;

/** The default port of user-service for gRPC. */
export const userGrpcPort = 9001;

/** The paths that user-service serves. */
export const userPaths = {
  /** The tutorial's form: `GET /user?id=1`. */
  byQuery: '/user',
  /** The list: read it, add to it. */
  all: '/users',
  /** One user: read, change, delete. */
  one: (id: number): string => `/users/${id}`,
} as const;
