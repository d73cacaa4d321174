export { UserService } from './generated/flotilla/users/v1/users_pb.ts';
export { createGrpcUserClient } from './grpc-user-client.ts';
