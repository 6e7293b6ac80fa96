package local

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// Run is the function command:local:run: one command at each execution of the program, previews included.
type Run struct{}

// RunArgs are its inputs.
type RunArgs struct {
	Shell
	Command string `pulumi:"command"`
}

// RunResult is its result: the inputs again and what the command left behind.
type RunResult struct {
	RunArgs
	Result
}

// Annotate names the function.
func (r *Run) Annotate(annotator infer.Annotator) { annotator.SetToken("local", "run") }

// Invoke runs the command.
func (*Run) Invoke(
	ctx context.Context, request infer.FunctionRequest[RunArgs],
) (infer.FunctionResponse[RunResult], error) {
	result, err := request.Input.run(ctx, request.Input.Command, Result{})
	return infer.FunctionResponse[RunResult]{Output: RunResult{RunArgs: request.Input, Result: result}}, err
}
