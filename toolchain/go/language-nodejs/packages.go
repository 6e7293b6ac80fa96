package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// manifest is what we read of a package.json.
type manifest struct {
	Name            string            `json:"name"`
	Version         string            `json:"version"`
	Dependencies    map[string]string `json:"dependencies"`
	DevDependencies map[string]string `json:"devDependencies"`
	Pulumi          *pulumiSection    `json:"pulumi"`
}

// pulumiSection marks a package as the SDK of a provider and names the plugin it needs.
type pulumiSection struct {
	Resource         bool   `json:"resource"`
	Name             string `json:"name"`
	Version          string `json:"version"`
	Server           string `json:"server"`
	Parameterization *struct {
		Name    string `json:"name"`
		Version string `json:"version"`
		Value   []byte `json:"value"`
	} `json:"parameterization"`
}

func readManifest(folder string) (manifest, error) {
	var parsed manifest
	text, err := os.ReadFile(filepath.Join(folder, "package.json"))
	if err != nil {
		return parsed, err
	}
	return parsed, json.Unmarshal(text, &parsed)
}

// plugin returns the plugin that the package is the SDK of, or nil.
func (m manifest) plugin() *pulumirpc.PackageDependency {
	if m.Pulumi == nil || !m.Pulumi.Resource {
		return nil
	}
	name, version := m.Pulumi.Name, m.Pulumi.Version
	if name == "" {
		name = m.Name[strings.LastIndex(m.Name, "/")+1:]
	}
	if version == "" {
		version = m.Version
	}
	needed := &pulumirpc.PackageDependency{
		Name:    name,
		Kind:    "resource",
		Version: "v" + strings.TrimPrefix(version, "v"),
		Server:  m.Pulumi.Server,
	}
	if p := m.Pulumi.Parameterization; p != nil {
		needed.Parameterization = &pulumirpc.PackageParameterization{Name: p.Name, Version: p.Version, Value: p.Value}
	}
	return needed
}

// installedPackages returns every package that a program in the folder could import: those in its own node_modules, in
// nested ones, and in those of the folders above (workspaces). A package reached twice through links appears once.
func installedPackages(folder string) []manifest {
	var found []manifest
	seen := map[string]bool{}
	var scan func(modules string)
	visit := func(path string) {
		real, err := filepath.EvalSymlinks(path)
		if err != nil || seen[real] {
			return
		}
		seen[real] = true
		if parsed, err := readManifest(real); err == nil {
			found = append(found, parsed)
		}
		scan(filepath.Join(real, "node_modules"))
	}
	scan = func(modules string) {
		for _, entry := range entries(modules) {
			switch path := filepath.Join(modules, entry); {
			case strings.HasPrefix(entry, "."):
			case strings.HasPrefix(entry, "@"):
				for _, scoped := range entries(path) {
					visit(filepath.Join(path, scoped))
				}
			default:
				visit(path)
			}
		}
	}
	for {
		scan(filepath.Join(folder, "node_modules"))
		parent := filepath.Dir(folder)
		if parent == folder {
			return found
		}
		folder = parent
	}
}

// entries lists a folder; a folder that cannot be read has none.
func entries(folder string) []string {
	listed, _ := os.ReadDir(folder)
	names := make([]string, 0, len(listed))
	for _, entry := range listed {
		names = append(names, entry.Name())
	}
	return names
}
