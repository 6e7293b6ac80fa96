package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/sftp"
)

// copy puts the source at the remote path: into it if that is a folder, else as it, making the folders above.
func (a CopyToRemoteArgs) copy(ctx context.Context) error {
	local, text, err := a.source()
	if err != nil {
		return err
	}
	client, err := a.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	defer context.AfterFunc(ctx, func() { client.Close() })()
	files, err := sftp.NewClient(client)
	if err != nil {
		return fmt.Errorf("the SSH server offers no file transfer (sftp): %w", err)
	}
	defer files.Close()

	target := a.RemotePath
	if state, err := files.Stat(target); err == nil && state.IsDir() && local != "" {
		target = path.Join(target, filepath.Base(local))
	}
	if err := files.MkdirAll(path.Dir(target)); err != nil {
		return fmt.Errorf("%s: %w", path.Dir(target), err)
	}
	if local == "" {
		return upload(files, strings.NewReader(text), target, 0o644)
	}
	return uploadTree(files, local, target)
}

// source is the path of a local file or folder, or else a text.
func (a CopyToRemoteArgs) source() (local, text string, err error) {
	asset, archive := a.Source.Asset, a.Source.Archive
	switch {
	case asset != nil && asset.IsPath():
		return asset.Path, "", nil
	case asset != nil && asset.IsText():
		return "", asset.Text, nil
	case archive != nil && archive.IsPath():
		return archive.Path, "", nil
	default:
		return "", "", errors.New("source must be a FileAsset, a StringAsset or a FileArchive")
	}
}

func uploadTree(files *sftp.Client, local, target string) error {
	return filepath.WalkDir(local, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(local, name)
		if err != nil {
			return err
		}
		to := path.Join(target, filepath.ToSlash(below))
		if entry.IsDir() {
			return named(to, files.MkdirAll(to))
		}
		content, err := os.Open(name)
		if err != nil {
			return err
		}
		defer content.Close()
		state, err := content.Stat()
		if err != nil {
			return err
		}
		return upload(files, content, to, state.Mode().Perm())
	})
}

func upload(files *sftp.Client, content io.Reader, target string, mode fs.FileMode) error {
	file, err := files.Create(target)
	if err != nil {
		return named(target, err)
	}
	if _, err := io.Copy(file, content); err != nil {
		file.Close()
		return named(target, err)
	}
	if err := file.Close(); err != nil {
		return named(target, err)
	}
	return named(target, files.Chmod(target, mode))
}

// named adds the path, which errors of the other side leave out.
func named(path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", path, err)
}
