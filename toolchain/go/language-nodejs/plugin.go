package main

import (
	"errors"
	"os"
	"os/exec"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// RunPlugin runs a provider or a policy pack that is written for Node.js, passing on what it prints.
func (h *host) RunPlugin(
	request *pulumirpc.RunPluginRequest, stream pulumirpc.LanguageRuntime_RunPluginServer,
) error {
	info := request.GetInfo()
	isPolicyPack := request.GetKind() == string(apitype.AnalyzerPlugin)
	module := "@pulumi/pulumi/cmd/run-plugin"
	if isPolicyPack {
		module = "@pulumi/pulumi/cmd/run-policy-pack"
	}
	node, runner, err := sdkScript(stream.Context(), info, module)
	if err != nil {
		return err
	}
	options := optionsOf(info)
	command := exec.CommandContext(stream.Context(), node, append(options.nodeArguments, runner)...)
	if isPolicyPack { // <engine's address> <pack>; @pulumi/policy looks for the pack's package.json where it is run.
		command.Args = append(append(command.Args, request.GetArgs()...), ".")
		command.Dir = info.GetProgramDirectory()
	} else { // <provider> <engine's address>
		command.Args = append(append(command.Args, info.GetProgramDirectory()), request.GetArgs()...)
		command.Dir = request.GetPwd()
	}
	command.Env = append(append(os.Environ(), options.variables...), request.GetEnv()...)
	// Both streams are copied at the same time, but a gRPC stream takes one message at a time.
	var sending sync.Mutex
	send := func(response *pulumirpc.RunPluginResponse) error {
		sending.Lock()
		defer sending.Unlock()
		return stream.Send(response)
	}
	command.Stdout = sender(func(chunk []byte) error {
		return send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stdout{Stdout: chunk}})
	})
	command.Stderr = sender(func(chunk []byte) error {
		return send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stderr{Stderr: chunk}})
	})

	code := 0
	var failed *exec.ExitError
	if err := command.Run(); errors.As(err, &failed) {
		code = failed.ExitCode()
	} else if err != nil {
		return err
	}
	return stream.Send(&pulumirpc.RunPluginResponse{
		Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(code)},
	})
}

// sender turns writes into messages. The chunk is copied: its memory belongs to the writer again after the call.
type sender func(chunk []byte) error

func (send sender) Write(chunk []byte) (int, error) {
	if err := send(append([]byte(nil), chunk...)); err != nil {
		return 0, err
	}
	return len(chunk), nil
}
