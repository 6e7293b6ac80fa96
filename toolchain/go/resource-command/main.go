// Command pulumi-resource-command is the provider plugin behind the npm package @pulumi/command 1.2.1: commands on this
// machine and, over SSH, on others. The official provider cannot be built from a module proxy alone, so this is an
// independent implementation on the official pulumi-go-provider, made to behave like it.
//
// Left out: remote.CopyFile, which @pulumi/command itself has deprecated for remote.CopyToRemote.
package main

import (
	"context"
	"fmt"
	"os"

	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"

	"classroom/toolchain/resource-command/local"
	"classroom/toolchain/resource-command/redact"
	"classroom/toolchain/resource-command/remote"
)

// version is that of the npm package. Set by the linker.
var version = "0.0.0-unset"

func main() {
	command, err := newProvider()
	if err == nil {
		err = command.Run(context.Background(), "command", version)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-resource-command:", err)
		os.Exit(1)
	}
}

func newProvider() (provider.Provider, error) {
	command, err := infer.NewProviderBuilder().
		WithNamespace("pulumi").
		WithDisplayName("Command").
		WithDescription("Commands on this machine and, over SSH, on others").
		WithResources(
			infer.Resource(&local.Command{}),
			infer.Resource(&remote.Command{}),
			infer.Resource(&remote.CopyToRemote{}),
		).
		WithFunctions(infer.Function(&local.Run{})).
		Build()
	return redact.Wrap(command), err
}
