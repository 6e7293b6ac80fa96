// Package local runs commands on the machine that Pulumi runs on.
package local

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"

	"classroom/toolchain/resource-command/capture"
)

// Shell is how a command is run: the inputs that the resource and the function have in common.
type Shell struct {
	Interpreter            *[]string          `pulumi:"interpreter,optional"`
	Dir                    *string            `pulumi:"dir,optional"`
	Environment            *map[string]string `pulumi:"environment,optional"`
	Stdin                  *string            `pulumi:"stdin,optional"`
	Logging                *capture.Logging   `pulumi:"logging,optional"`
	AddPreviousOutputInEnv *bool              `pulumi:"addPreviousOutputInEnv,optional"`
	AssetPaths             *[]string          `pulumi:"assetPaths,optional"`
	ArchivePaths           *[]string          `pulumi:"archivePaths,optional"`
}

// Result is what a command left behind.
type Result struct {
	Stdout  string                           `pulumi:"stdout"`
	Stderr  string                           `pulumi:"stderr"`
	Assets  *map[string]types.AssetOrArchive `pulumi:"assets,optional"`
	Archive *types.AssetOrArchive            `pulumi:"archive,optional"`
}

// Annotate sets the default that the npm package documents.
func (s *Shell) Annotate(annotator infer.Annotator) {
	annotator.SetDefault(&s.AddPreviousOutputInEnv, true)
}

// run runs the command to its end and collects its output and files.
//
// previous is the output of the run before, if there was one.
func (s Shell) run(ctx context.Context, command string, previous Result) (Result, error) {
	arguments := []string{"/bin/sh", "-c"}
	if s.Interpreter != nil && len(*s.Interpreter) > 0 {
		arguments = append([]string(nil), *s.Interpreter...)
	}
	arguments = append(arguments, command)

	process := exec.CommandContext(ctx, arguments[0], arguments[1:]...)
	// A group of its own, so that stopping the command also stops what it has started.
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	process.Cancel = func() error { return syscall.Kill(-process.Process.Pid, syscall.SIGKILL) }
	if s.Dir != nil {
		process.Dir = *s.Dir
	}
	process.Env = s.environment(previous)
	if s.Stdin != nil {
		process.Stdin = strings.NewReader(*s.Stdin)
	}
	output := capture.New(ctx, s.Logging)
	process.Stdout, process.Stderr = &output.Stdout, &output.Stderr
	err := process.Run()
	result := Result{Stdout: output.Stdout.Text(), Stderr: output.Stderr.Text()}
	if err != nil {
		return result, output.Failure(ctx, command, err)
	}
	return result, s.collectFiles(&result)
}

// environment is ours, the user's, and what the run before has printed.
func (s Shell) environment(previous Result) []string {
	variables := os.Environ()
	if s.AddPreviousOutputInEnv == nil || *s.AddPreviousOutputInEnv {
		if previous.Stdout != "" {
			variables = append(variables, "PULUMI_COMMAND_STDOUT="+previous.Stdout)
		}
		if previous.Stderr != "" {
			variables = append(variables, "PULUMI_COMMAND_STDERR="+previous.Stderr)
		}
	}
	if s.Environment != nil {
		for name, value := range *s.Environment {
			variables = append(variables, fmt.Sprintf("%s=%s", name, value))
		}
	}
	return variables
}
