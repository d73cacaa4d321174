/** `GET /api/documents`: the OpenAPI documents that the fleet has. `GET /api/documents/{name}` gives one of them. */
export interface DocumentList {
  readonly documents: readonly {
    /** `gateway`, or a service. */
    readonly name: string;
    readonly title: string;
    readonly operations: number;
  }[];
}
