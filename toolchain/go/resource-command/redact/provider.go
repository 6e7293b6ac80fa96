package redact

import (
	"context"
	"errors"

	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// Wrap returns the provider with every error it reports redacted, and a redactor in the context of every request.
func Wrap(inner provider.Provider) provider.Provider {
	wrapped := inner
	wrapped.Check = func(ctx context.Context, request provider.CheckRequest) (provider.CheckResponse, error) {
		ctx, redactor := with(ctx, request.State, request.Inputs)
		response, err := inner.Check(ctx, request)
		for i := range response.Failures {
			response.Failures[i].Reason = redactor.Text(response.Failures[i].Reason)
		}
		return response, redactor.failure(err)
	}
	wrapped.Diff = func(ctx context.Context, request provider.DiffRequest) (provider.DiffResponse, error) {
		ctx, redactor := with(ctx, request.State, request.OldInputs, request.Inputs)
		response, err := inner.Diff(ctx, request)
		return response, redactor.failure(err)
	}
	wrapped.Create = func(ctx context.Context, request provider.CreateRequest) (provider.CreateResponse, error) {
		ctx, redactor := with(ctx, request.Properties)
		response, err := inner.Create(ctx, request)
		return response, redactor.failure(err)
	}
	wrapped.Read = func(ctx context.Context, request provider.ReadRequest) (provider.ReadResponse, error) {
		ctx, redactor := with(ctx, request.Properties, request.Inputs)
		response, err := inner.Read(ctx, request)
		return response, redactor.failure(err)
	}
	wrapped.Update = func(ctx context.Context, request provider.UpdateRequest) (provider.UpdateResponse, error) {
		ctx, redactor := with(ctx, request.State, request.OldInputs, request.Inputs)
		response, err := inner.Update(ctx, request)
		return response, redactor.failure(err)
	}
	wrapped.Delete = func(ctx context.Context, request provider.DeleteRequest) error {
		ctx, redactor := with(ctx, request.Properties, request.OldInputs)
		return redactor.failure(inner.Delete(ctx, request))
	}
	wrapped.Invoke = func(ctx context.Context, request provider.InvokeRequest) (provider.InvokeResponse, error) {
		ctx, redactor := with(ctx, request.Args)
		response, err := inner.Invoke(ctx, request)
		return response, redactor.failure(err)
	}
	return wrapped
}

func with(ctx context.Context, properties ...property.Map) (context.Context, Redactor) {
	redactor := New(properties...)
	return context.WithValue(ctx, contextKey{}, redactor), redactor
}

// failure returns the error itself unless its text has to change.
func (r Redactor) failure(err error) error {
	if err == nil {
		return nil
	}
	if text := r.Text(err.Error()); text != err.Error() {
		return errors.New(text)
	}
	return err
}
