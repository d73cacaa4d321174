// User-client calls user-service by gRPC, with code that `go generate` makes of its .proto file.
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.org/user-client/usersv1"
)

// Go has its plugins for protoc in go.mod, so everybody generates the same code.
//go:generate go build -o dist/ tool
//go:generate protoc --plugin=dist/protoc-gen-go --plugin=dist/protoc-gen-go-grpc -I ../../../packages/user-contract/proto --go_out=. --go-grpc_out=. --go_opt=module=example.org/user-client,Mflotilla/users/v1/users.proto=example.org/user-client/usersv1 --go-grpc_opt=module=example.org/user-client,Mflotilla/users/v1/users.proto=example.org/user-client/usersv1 flotilla/users/v1/users.proto

func main() {
	log.SetFlags(0)
	address, err := findUserService()
	if err != nil {
		log.Fatalf("Cannot find user-service: %v. Start the fleet, or set USER_SERVICE_GRPC to its host:port.", err)
	}
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer connection.Close()
	if err := tour(usersv1.NewUserServiceClient(connection)); err != nil {
		log.Fatalf("%s: %s", address, explain(err))
	}
}

// tour reads, adds, changes and deletes users.
func tour(users usersv1.UserServiceClient) error {
	// Without a deadline, a call may wait forever.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	count := 0
	for token, more := "", true; more; more = token != "" {
		page, err := users.ListUsers(ctx, &usersv1.ListUsersRequest{PageSize: 100, PageToken: token})
		if err != nil {
			return err
		}
		count, token = count+len(page.Users), page.NextPageToken
	}
	fmt.Printf("there are %d users\n", count)

	// With a key, a call that got no answer can be repeated: the user is added once.
	withKey := metadata.AppendToOutgoingContext(ctx, "idempotency-key", rand.Text())
	ada := &usersv1.CreateUserRequest{Name: "Ada", Email: strings.ToLower(rand.Text()) + "@example.com"}
	var header metadata.MD
	user, err := users.CreateUser(withKey, ada, grpc.Header(&header))
	if err != nil {
		return err
	}
	again, err := users.CreateUser(withKey, ada)
	if err != nil {
		return err
	}
	fmt.Printf("added %s; the same call again added nobody: %t\n", user.Name, again.Id == user.Id)

	// The etag says which version was read. A change of any other version is refused.
	change := &usersv1.UpdateUserRequest{Id: user.Id, Name: new("Ada Lovelace"), IfMatch: new(header.Get("etag")[0])}
	user, err = users.UpdateUser(ctx, change)
	if err != nil {
		return err
	}
	fmt.Printf("renamed to %s\n", user.Name)
	_, err = users.UpdateUser(ctx, change)
	fmt.Printf("renamed once more: %s\n", explain(err))

	if _, err := users.DeleteUser(ctx, &usersv1.DeleteUserRequest{Id: user.Id}); err != nil {
		return err
	}
	_, err = users.GetUser(ctx, &usersv1.GetUserRequest{Id: user.Id})
	fmt.Printf("deleted: %s\n", explain(err))
	return nil
}

// explain says what went wrong: the status, the code that programs may rely on, and the message for people.
func explain(err error) string {
	answer := status.Convert(err)
	code := ""
	for _, detail := range answer.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			code = info.Reason
		}
	}
	return strings.Join(strings.Fields(fmt.Sprintf("%s %s %s", answer.Code(), code, answer.Message())), " ")
}

// findUserService asks the registry for an instance, unless USER_SERVICE_GRPC says where one is.
func findUserService() (string, error) {
	if address := os.Getenv("USER_SERVICE_GRPC"); address != "" {
		return address, nil
	}
	registry := strings.TrimSuffix(cmp.Or(os.Getenv("REGISTRY_URL"), "http://127.0.0.1:8500"), "/")
	response, err := (&http.Client{Timeout: 2 * time.Second}).Get(registry + "/service/user-service")
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var instance struct {
		Address  string
		Metadata map[string]string
	}
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the registry answered %s", response.Status)
	}
	if err := json.NewDecoder(response.Body).Decode(&instance); err != nil {
		return "", err
	}
	if instance.Metadata["grpc_port"] == "" {
		return "", fmt.Errorf("the instance at %s has no gRPC port", instance.Address)
	}
	return net.JoinHostPort(instance.Address, instance.Metadata["grpc_port"]), nil
}
