package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

// project writes files, given by path and content, into a new folder.
func project(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for path, content := range files {
		file := filepath.Join(folder, path)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestGetRequiredPackages(t *testing.T) {
	folder := project(t, map[string]string{
		"package.json": `{"name":"program","dependencies":{"@pulumi/openstack":"3.15.2"}}`,
		"node_modules/@pulumi/openstack/package.json":       `{"name":"@pulumi/openstack","version":"3.15.2","pulumi":{"resource":true,"name":"openstack"}}`,
		"node_modules/@pulumi/pulumi/package.json":          `{"name":"@pulumi/pulumi","version":"3.259.0","pulumi":{}}`,
		"node_modules/wrapper/package.json":                 `{"name":"wrapper","version":"1.0.0"}`,
		"node_modules/wrapper/node_modules/x/package.json":  `{"name":"@other/x","version":"0.1.0","pulumi":{"resource":true,"server":"https://x"}}`,
		"node_modules/broken/package.json":                  `{`,
		"program/node_modules/@pulumi/command/package.json": `{"name":"@pulumi/command","version":"1.2.1","pulumi":{"resource":true,"version":"v1.2.1"}}`,
		"program/index.ts":                                  ``,
	})
	response, err := (&host{}).GetRequiredPackages(context.Background(), &pulumirpc.GetRequiredPackagesRequest{
		Info: &pulumirpc.ProgramInfo{ProgramDirectory: filepath.Join(folder, "program"), EntryPoint: "index.ts"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, needed := range response.Packages {
		found = append(found, needed.Kind+" "+needed.Name+" "+needed.Version+" "+needed.Server)
	}
	slices.Sort(found)
	expected := []string{"resource command v1.2.1 ", "resource openstack v3.15.2 ", "resource x v0.1.0 https://x"}
	if !slices.Equal(found, expected) {
		t.Errorf("found %q, expected %q", found, expected)
	}
}

func TestGetProgramDependenciesPrefersInstalledVersions(t *testing.T) {
	folder := project(t, map[string]string{
		"package.json":                  `{"dependencies":{"zod":"^4.0.0"},"devDependencies":{"absent":"1.x"}}`,
		"node_modules/zod/package.json": `{"name":"zod","version":"4.6.7"}`,
	})
	response, err := (&host{}).GetProgramDependencies(context.Background(), &pulumirpc.GetProgramDependenciesRequest{
		Info: &pulumirpc.ProgramInfo{ProgramDirectory: folder, EntryPoint: "."},
	})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, dependency := range response.Dependencies {
		found = append(found, dependency.Name+" "+dependency.Version)
	}
	if expected := []string{"absent 1.x", "zod 4.6.7"}; !slices.Equal(found, expected) {
		t.Errorf("found %q, expected %q", found, expected)
	}
}

func TestOptions(t *testing.T) {
	for name, test := range map[string]struct {
		options  map[string]any
		node     []string
		compiles bool
	}{
		"none":       {nil, nil, true},
		"stripping":  {map[string]any{"typescript": false}, nil, false},
		"node flags": {map[string]any{"nodeargs": "--a  --b=c"}, []string{"--a", "--b=c"}, true},
	} {
		fields, err := structpb.NewStruct(test.options)
		if err != nil {
			t.Fatal(err)
		}
		parsed := optionsOf(&pulumirpc.ProgramInfo{Options: fields})
		if compiles := slices.Contains(parsed.variables, "PULUMI_NODEJS_TYPESCRIPT=true"); compiles != test.compiles {
			t.Errorf("%s: compiles=%v", name, compiles)
		}
		if !slices.Equal(parsed.nodeArguments, test.node) {
			t.Errorf("%s: node arguments %q", name, parsed.nodeArguments)
		}
	}
}
