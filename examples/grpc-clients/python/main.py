"""Calls user-service by gRPC, with code that grpcio-tools makes of its .proto file (see README.md)."""

import json
import os
import secrets
import sys
from urllib.request import urlopen

import grpc
from google.rpc.error_details_pb2 import ErrorInfo
from grpc_status import rpc_status

from flotilla.users.v1.users_pb2 import (
    CreateUserRequest,
    DeleteUserRequest,
    GetUserRequest,
    ListUsersRequest,
    UpdateUserRequest,
)
from flotilla.users.v1.users_pb2_grpc import UserServiceStub

TIMEOUT = 5  # Seconds. Without a timeout, a call may wait forever.


def tour(users):
    """Reads, adds, changes and deletes users."""
    count, token = 0, ""
    while True:
        page = users.ListUsers(ListUsersRequest(page_size=100, page_token=token), timeout=TIMEOUT)
        count, token = count + len(page.users), page.next_page_token
        if not token:
            break
    print(f"there are {count} users")

    # With a key, a call that got no answer can be repeated: the user is added once.
    with_key = [("idempotency-key", secrets.token_hex(16))]
    ada = CreateUserRequest(name="Ada", email=f"{secrets.token_hex(8)}@example.com")
    user, call = users.CreateUser.with_call(ada, timeout=TIMEOUT, metadata=with_key)
    again = users.CreateUser(ada, timeout=TIMEOUT, metadata=with_key)
    print(f"added {user.name}; the same call again added nobody: {str(again.id == user.id).lower()}")

    # The etag says which version was read. A change of any other version is refused.
    etag = dict(call.initial_metadata())["etag"]
    change = UpdateUserRequest(id=user.id, name="Ada Lovelace", if_match=etag)
    user = users.UpdateUser(change, timeout=TIMEOUT)
    print(f"renamed to {user.name}")
    try:
        users.UpdateUser(change, timeout=TIMEOUT)
    except grpc.RpcError as error:
        print(f"renamed once more: {explain(error)}")

    users.DeleteUser(DeleteUserRequest(id=user.id), timeout=TIMEOUT)
    try:
        users.GetUser(GetUserRequest(id=user.id), timeout=TIMEOUT)
    except grpc.RpcError as error:
        print(f"deleted: {explain(error)}")


def explain(error):
    """What went wrong: the status, the code that programs may rely on, and the message for people."""
    status, info = rpc_status.from_call(error), ErrorInfo()
    # A failure that the service did not report itself, such as a refused connection, has no details.
    for detail in status.details if status else []:
        detail.Unpack(info)
    return " ".join(part for part in (error.code().name, info.reason, error.details()) if part)


def find_user_service():
    """Asks the registry for an instance, unless USER_SERVICE_GRPC says where one is."""
    if address := os.environ.get("USER_SERVICE_GRPC"):
        return address
    registry = (os.environ.get("REGISTRY_URL") or "http://127.0.0.1:8500").rstrip("/")
    with urlopen(f"{registry}/service/user-service", timeout=2) as response:
        instance = json.load(response)
    host = f"[{instance['address']}]" if ":" in instance["address"] else instance["address"]
    return f"{host}:{instance['metadata']['grpc_port']}"


if __name__ == "__main__":
    try:
        address = find_user_service()
    except (OSError, KeyError, ValueError) as error:
        sys.exit(f"Cannot find user-service: {error!r}. Start the fleet, or set USER_SERVICE_GRPC to its host:port.")
    with grpc.insecure_channel(address) as channel:
        try:
            tour(UserServiceStub(channel))
        except grpc.RpcError as error:
            sys.exit(f"{address}: {explain(error)}")
