/** The name under which the service registers. */
export const userServiceName = 'user-service';

/** Where user-service listens unless told otherwise. */
export const userServicePort = 8001;

/** The paths user-service serves. */
export const userPaths = {
  /** The tutorial's form: `GET /user?id=1`. */
  byQuery: '/user',
  /** The list: read it, add to it. */
  all: '/users',
  /** One user: read, change, delete. */
  one: (id: number): string => `/users/${id}`,
} as const;
