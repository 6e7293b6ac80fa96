package remote

import (
	"context"
	"fmt"
	"strings"

	provider "github.com/pulumi/pulumi-go-provider"

	"classroom/toolchain/resource-command/capture"
)

// Result is what a command printed.
type Result struct {
	Stdout string `pulumi:"stdout"`
	Stderr string `pulumi:"stderr"`
}

// run runs the command on the other machine to its end; cancelling the deployment closes the connection.
//
// previous is the output of the run before, if there was one.
func (a CommandArgs) run(ctx context.Context, command string, previous Result) (Result, error) {
	client, err := a.Connection.dial(ctx)
	if err != nil {
		return previous, err
	}
	defer client.Close()
	defer context.AfterFunc(ctx, func() { client.Close() })()
	session, err := client.NewSession()
	if err != nil {
		return previous, err
	}
	defer session.Close()

	for name, value := range orDefault(a.Environment, nil) {
		if err := session.Setenv(name, value); err != nil {
			return previous, fmt.Errorf("the SSH server refuses the environment variable %s: allow it there (AcceptEnv), "+
				"or write it before the command (%s=value command)", name, name)
		}
	}
	if orDefault(a.AddPreviousOutputInEnv, true) {
		for name, value := range map[string]string{
			"PULUMI_COMMAND_STDOUT": previous.Stdout, "PULUMI_COMMAND_STDERR": previous.Stderr,
		} {
			if value == "" {
				continue
			}
			if err := session.Setenv(name, value); err != nil { // Servers rarely allow it, and few commands need it.
				provider.GetLogger(ctx).Debugf("the SSH server refuses the environment variable %s", name)
			}
		}
	}
	if a.Stdin != nil {
		session.Stdin = strings.NewReader(*a.Stdin)
	}
	output := capture.New(ctx, a.Logging)
	session.Stdout, session.Stderr = &output.Stdout, &output.Stderr
	err = session.Run(command)
	result := Result{Stdout: output.Stdout.Text(), Stderr: output.Stderr.Text()}
	if err != nil {
		return result, output.Failure(ctx, command, err)
	}
	return result, nil
}
