package remote

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// CopyToRemote is the resource command:remote:CopyToRemote: a local file, text or folder, put on another machine.
type CopyToRemote struct{}

// CopyToRemoteArgs are its inputs.
type CopyToRemoteArgs struct {
	Connection Connection           `pulumi:"connection" provider:"secret"`
	Source     types.AssetOrArchive `pulumi:"source"`
	RemotePath string               `pulumi:"remotePath"`
	Triggers   *[]any               `pulumi:"triggers,optional" provider:"replaceOnChanges"`
}

// CopyToRemoteState is what Pulumi keeps of it.
type CopyToRemoteState struct{ CopyToRemoteArgs }

// Annotate names the type.
func (c *CopyToRemote) Annotate(annotator infer.Annotator) {
	annotator.SetToken("remote", "CopyToRemote")
}

// Create copies.
func (*CopyToRemote) Create(
	ctx context.Context, request infer.CreateRequest[CopyToRemoteArgs],
) (infer.CreateResponse[CopyToRemoteState], error) {
	response := infer.CreateResponse[CopyToRemoteState]{Output: CopyToRemoteState{request.Inputs}}
	var err error
	if response.ID, err = resource.NewUniqueHex(request.Name, 8, 0); err != nil {
		return response, err
	}
	if !request.DryRun {
		err = request.Inputs.copy(ctx)
	}
	return response, err
}

// Update copies again. What was copied before stays, as when the resource is deleted: it may not be ours alone.
func (*CopyToRemote) Update(
	ctx context.Context, request infer.UpdateRequest[CopyToRemoteArgs, CopyToRemoteState],
) (infer.UpdateResponse[CopyToRemoteState], error) {
	var err error
	if !request.DryRun {
		err = request.Inputs.copy(ctx)
	}
	return infer.UpdateResponse[CopyToRemoteState]{Output: CopyToRemoteState{request.Inputs}}, err
}
