// Command pulumi-language-nodejs runs Node.js programs for the Pulumi engine.
//
// The module of the official language host cannot be built from a module proxy alone, so this is an independent
// implementation of the public LanguageRuntime service:
// https://github.com/pulumi/pulumi/blob/v3.259.0/proto/pulumi/language.proto
//
// Left out: code generation (pulumi convert, pulumi package gen-sdk), prompts for runtime options, and synchronous
// invokes (pulumi.runtime.invokeSync), which need a pipe between program and host.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

func main() {
	if err := serve(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
		os.Exit(1)
	}
}

// serve answers the engine until it goes away. The engine passes its address and reads our port from standard output.
func serve(arguments []string) error {
	flags := flag.NewFlagSet("pulumi-language-nodejs", flag.ContinueOnError)
	tracing := flags.String("tracing", "", "address of a tracing endpoint, handed on to the program")
	// The engine still passes these; it sends the same values with each request, where they count.
	for _, name := range []string{"root", "typescript", "tsconfig", "nodeargs", "packagemanager"} {
		flags.String(name, "", "ignored")
	}
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	nodejs := &host{engineAddress: flags.Arg(0), tracing: *tracing}

	ctx, engineGone := context.WithCancel(context.Background())
	defer engineGone()
	if nodejs.engineAddress != "" {
		if err := rpcutil.Healthcheck(ctx, nodejs.engineAddress, 5*time.Minute, engineGone); err != nil {
			return err
		}
	}
	stop := make(chan bool)
	go func() {
		<-ctx.Done()
		close(stop)
	}()
	server, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, nodejs)
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(server.Port)
	return <-server.Done
}
