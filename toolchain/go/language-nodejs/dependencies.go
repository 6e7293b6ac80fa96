package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// GetRequiredPackages names the plugins that the program's installed SDKs ask for, so that the engine can have them ready.
func (h *host) GetRequiredPackages(
	_ context.Context, request *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	response := &pulumirpc.GetRequiredPackagesResponse{}
	seen := map[string]bool{}
	for _, installed := range installedPackages(programFolder(request.GetInfo())) {
		needed := installed.plugin()
		if needed == nil || seen[needed.String()] {
			continue
		}
		seen[needed.String()] = true
		response.Packages = append(response.Packages, needed)
	}
	return response, nil
}

// GetProgramDependencies answers `pulumi about` with installed versions, or the wanted ones where nothing is installed.
func (h *host) GetProgramDependencies(
	_ context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	folder := programFolder(request.GetInfo())
	response := &pulumirpc.GetProgramDependenciesResponse{}
	add := func(name, version string) {
		response.Dependencies = append(response.Dependencies, &pulumirpc.DependencyInfo{Name: name, Version: version})
	}
	if request.GetTransitiveDependencies() {
		for _, installed := range installedPackages(folder) {
			add(installed.Name, installed.Version)
		}
	} else {
		program, err := readManifest(folder)
		if err != nil {
			return nil, err
		}
		for _, wanted := range []map[string]string{program.Dependencies, program.DevDependencies} {
			for name, version := range wanted {
				if installed, err := readManifest(filepath.Join(folder, "node_modules", name)); err == nil {
					version = installed.Version
				}
				add(name, version)
			}
		}
	}
	slices.SortFunc(response.Dependencies, func(a, b *pulumirpc.DependencyInfo) int { return cmp.Compare(a.Name, b.Name) })
	return response, nil
}

// InstallDependencies answers `pulumi install` with the program's package manager.
func (h *host) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, stream pulumirpc.LanguageRuntime_InstallDependenciesServer,
) error {
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(stream, request.GetIsTerminal())
	if err != nil {
		return err
	}
	defer closer.Close()
	manager := packageManager(request.GetInfo())
	command := exec.CommandContext(stream.Context(), manager, "install")
	command.Dir, command.Stdout, command.Stderr = request.GetInfo().GetProgramDirectory(), stdout, stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s install: %w", manager, err)
	}
	return nil
}

// packageManager is the one that Pulumi.yaml names, else the one whose lockfile is there, else npm.
func packageManager(info *pulumirpc.ProgramInfo) string {
	if named := info.GetOptions().GetFields()["packagemanager"].GetStringValue(); named != "" {
		return named
	}
	for _, known := range []struct{ lockfile, manager string }{
		{"pnpm-lock.yaml", "pnpm"}, {"yarn.lock", "yarn"}, {"bun.lock", "bun"},
	} {
		if _, err := os.Stat(filepath.Join(info.GetProgramDirectory(), known.lockfile)); err == nil {
			return known.manager
		}
	}
	return "npm"
}

// programFolder is the folder of the program's entry point, which may itself be a folder or a file.
func programFolder(info *pulumirpc.ProgramInfo) string {
	entry := filepath.Join(info.GetProgramDirectory(), info.GetEntryPoint())
	if state, err := os.Stat(entry); err == nil && !state.IsDir() {
		return filepath.Dir(entry)
	}
	return entry
}
