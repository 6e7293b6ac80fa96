package local

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobwas/glob"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// collectFiles adds the files that assetPaths and archivePaths ask for.
func (s Shell) collectFiles(result *Result) error {
	if s.AssetPaths != nil {
		assets, err := s.matchingFiles(*s.AssetPaths)
		if err != nil {
			return fmt.Errorf("assetPaths: %w", err)
		}
		result.Assets = &assets
	}
	if s.ArchivePaths != nil {
		assets, err := s.matchingFiles(*s.ArchivePaths)
		if err != nil {
			return fmt.Errorf("archivePaths: %w", err)
		}
		contents := make(map[string]any, len(assets))
		for path, file := range assets {
			contents[path] = file.Asset
		}
		archive, err := resource.NewAssetArchive(contents)
		if err != nil {
			return fmt.Errorf("archivePaths: %w", err)
		}
		result.Archive = &types.AssetOrArchive{Archive: archive}
	}
	return nil
}

// matchingFiles are the files below the command's folder that the patterns select. Patterns are applied in their order;
// one that begins with "!" takes away what it matches. "*" stops at "/", "**" does not.
func (s Shell) matchingFiles(patterns []string) (map[string]types.AssetOrArchive, error) {
	type rule struct {
		matches glob.Glob
		exclude bool
	}
	rules := make([]rule, 0, len(patterns))
	for _, pattern := range patterns {
		included, exclude := strings.CutPrefix(pattern, "!")
		compiled, err := glob.Compile(included, '/')
		if err != nil {
			return nil, fmt.Errorf("%q is not a pattern: %w", pattern, err)
		}
		rules = append(rules, rule{compiled, exclude})
	}
	folder := "."
	if s.Dir != nil {
		folder = *s.Dir
	}
	found := map[string]types.AssetOrArchive{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		selected := false
		for _, rule := range rules {
			if rule.matches.Match(path) {
				selected = !rule.exclude
			}
		}
		if !selected {
			return nil
		}
		asset, err := resource.NewPathAsset(filepath.Join(folder, path))
		if err != nil {
			return err
		}
		found[path] = types.AssetOrArchive{Asset: asset}
		return nil
	})
	return found, err
}
