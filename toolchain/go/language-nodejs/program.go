package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// exitAlreadyLogged is the exit code by which the Node.js SDK says that it has shown the error to the user itself:
// https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/nodejs/cmd/run/index.ts
const exitAlreadyLogged = 32

// Run runs the program until it ends. The program talks to the engine's resource monitor directly.
func (h *host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	info := request.GetInfo()
	node, runner, err := sdkScript(ctx, info, "@pulumi/pulumi/cmd/run")
	if err != nil {
		return nil, err
	}
	configuration, err := configurationVariables(request)
	if err != nil {
		return nil, err
	}
	options := optionsOf(info)
	command := exec.CommandContext(ctx, node, append(append(options.nodeArguments, runner), h.runArguments(request)...)...)
	command.Dir = info.GetProgramDirectory()
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.Env = append(append(os.Environ(), options.variables...), configuration...)

	var failed *exec.ExitError
	switch err := command.Run(); {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case errors.As(err, &failed) && failed.ExitCode() == exitAlreadyLogged:
		return &pulumirpc.RunResponse{Bail: true}, nil
	case errors.As(err, &failed):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended with exit code %d", failed.ExitCode())}, nil
	default:
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
}

// runArguments are the flags of the SDK's runner, then the program's entry point and its own arguments.
func (h *host) runArguments(request *pulumirpc.RunRequest) []string {
	var arguments []string
	for _, flag := range []struct{ name, value string }{
		{"--monitor", request.GetMonitorAddress()},
		{"--engine", h.engineAddress},
		{"--organization", request.GetOrganization()},
		{"--project", request.GetProject()},
		{"--stack", request.GetStack()},
		{"--root-directory", request.GetInfo().GetRootDirectory()},
		{"--pwd", request.GetPwd()},
		{"--parallel", strconv.Itoa(int(request.GetParallel()))},
		{"--tracing", h.tracing},
	} {
		if flag.value != "" {
			arguments = append(arguments, flag.name, flag.value)
		}
	}
	if request.GetDryRun() {
		arguments = append(arguments, "--dry-run")
	}
	entry := request.GetInfo().GetEntryPoint()
	if entry == "" {
		entry = "."
	}
	return append(append(arguments, entry), request.GetArgs()...)
}

// configurationVariables hand the stack's configuration over in the environment, which other users cannot read.
func configurationVariables(request *pulumirpc.RunRequest) ([]string, error) {
	configuration := request.GetConfig()
	if configuration == nil {
		configuration = map[string]string{}
	}
	secretKeys := request.GetConfigSecretKeys()
	if secretKeys == nil {
		secretKeys = []string{}
	}
	values, err := json.Marshal(configuration)
	if err != nil {
		return nil, err
	}
	keys, err := json.Marshal(secretKeys)
	if err != nil {
		return nil, err
	}
	return []string{"PULUMI_CONFIG=" + string(values), "PULUMI_CONFIG_SECRET_KEYS=" + string(keys)}, nil
}

// options are runtime.options of Pulumi.yaml: https://www.pulumi.com/docs/iac/concepts/projects/project-file/#runtime-options
type options struct {
	nodeArguments []string
	variables     []string
}

func optionsOf(info *pulumirpc.ProgramInfo) options {
	fields := info.GetOptions().GetFields()
	parsed := options{nodeArguments: strings.Fields(fields["nodeargs"].GetStringValue())}
	// Without the option, the SDK compiles TypeScript itself (ts-node).
	if typescript, set := fields["typescript"]; !set || typescript.GetBoolValue() {
		parsed.variables = append(parsed.variables, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if path := fields["tsconfig"].GetStringValue(); path != "" {
		parsed.variables = append(parsed.variables, "PULUMI_NODEJS_TSCONFIG_PATH="+path)
	}
	return parsed
}

// sdkScript finds node and, the way node itself would from the program's folder, one of the SDK's entry points.
func sdkScript(ctx context.Context, info *pulumirpc.ProgramInfo, module string) (node, script string, err error) {
	node, err = findNode()
	if err != nil {
		return "", "", err
	}
	find := exec.CommandContext(ctx, node, "--print", "require.resolve("+strconv.Quote(module)+")")
	find.Dir = info.GetProgramDirectory()
	out, err := find.Output()
	if err != nil {
		return "", "", fmt.Errorf(
			"the Pulumi SDK is not installed: run `npm install` (or `pulumi install`) in %s; looked for %s",
			info.GetProgramDirectory(), module)
	}
	return node, strings.TrimSpace(string(out)), nil
}
