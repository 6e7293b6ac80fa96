package local

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Command is the resource command:local:Command.
//
// Every changed input runs `update`, or `create` where there is none; a changed trigger replaces the resource, which runs
// `create` and then the old resource's `delete`.
type Command struct{}

// CommandArgs are its inputs.
type CommandArgs struct {
	Shell
	Create   *string `pulumi:"create,optional"`
	Update   *string `pulumi:"update,optional"`
	Delete   *string `pulumi:"delete,optional"`
	Triggers *[]any  `pulumi:"triggers,optional" provider:"replaceOnChanges"`
}

// CommandState is what Pulumi keeps of it.
type CommandState struct {
	CommandArgs
	Result
}

// Annotate names the type.
func (c *Command) Annotate(annotator infer.Annotator) { annotator.SetToken("local", "Command") }

// Create runs the create command.
func (*Command) Create(
	ctx context.Context, request infer.CreateRequest[CommandArgs],
) (infer.CreateResponse[CommandState], error) {
	response := infer.CreateResponse[CommandState]{Output: CommandState{CommandArgs: request.Inputs}}
	var err error
	if response.ID, err = resource.NewUniqueHex(request.Name, 8, 0); err != nil {
		return response, err
	}
	if create := request.Inputs.Create; create != nil && !request.DryRun {
		response.Output.Result, err = request.Inputs.run(ctx, *create, Result{})
	}
	return response, err
}

// Update runs the update command, or the create command where there is none.
func (*Command) Update(
	ctx context.Context, request infer.UpdateRequest[CommandArgs, CommandState],
) (infer.UpdateResponse[CommandState], error) {
	state := CommandState{CommandArgs: request.Inputs, Result: request.State.Result}
	command := request.Inputs.Update
	if command == nil {
		command = request.Inputs.Create
	}
	var err error
	if command != nil && !request.DryRun {
		state.Result, err = request.Inputs.run(ctx, *command, request.State.Result)
	}
	return infer.UpdateResponse[CommandState]{Output: state}, err
}

// Delete runs the delete command of the last successful run.
func (*Command) Delete(ctx context.Context, request infer.DeleteRequest[CommandState]) (infer.DeleteResponse, error) {
	var err error
	if command := request.State.Delete; command != nil {
		_, err = request.State.run(ctx, *command, request.State.Result)
	}
	return infer.DeleteResponse{}, err
}

// WireDependencies makes the outputs secret when what made them is, and unknown in a preview when it changes.
func (*Command) WireDependencies(fields infer.FieldSelector, args *CommandArgs, state *CommandState) {
	causes := []infer.InputField{
		fields.InputField(&args.Create), fields.InputField(&args.Update), fields.InputField(&args.Triggers),
		fields.InputField(&args.Interpreter), fields.InputField(&args.Dir), fields.InputField(&args.Environment),
		fields.InputField(&args.Stdin), fields.InputField(&args.AssetPaths), fields.InputField(&args.ArchivePaths),
	}
	for _, effect := range []any{&state.Stdout, &state.Stderr, &state.Assets, &state.Archive} {
		fields.OutputField(effect).DependsOn(causes...)
	}
}
