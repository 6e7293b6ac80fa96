// Package capture keeps what a command prints and shows it to the user while it runs.
package capture

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"

	"classroom/toolchain/resource-command/redact"
)

// Logging says which of a command's streams are shown while it runs. Both are kept as outputs in any case.
type Logging string

// The choices of @pulumi/command.
const (
	Stdout          Logging = "stdout"
	Stderr          Logging = "stderr"
	StdoutAndStderr Logging = "stdoutAndStderr"
	None            Logging = "none"
)

// Values lists the choices for the schema.
func (Logging) Values() []infer.EnumValue[Logging] {
	return []infer.EnumValue[Logging]{
		{Name: "Stdout", Value: Stdout, Description: "Capture stdout in logs but not stderr"},
		{Name: "Stderr", Value: Stderr, Description: "Capture stderr in logs but not stdout"},
		{Name: "StdoutAndStderr", Value: StdoutAndStderr, Description: "Capture stdout and stderr in logs"},
		{Name: "None", Value: None, Description: "Capture no logs"},
	}
}

// linesInError is how much of the output an error repeats: enough for a stack trace, not a whole installation.
const linesInError = 40

// Output collects both streams of one command.
type Output struct {
	Stdout, Stderr stream
	lock           sync.Mutex
	both           bytes.Buffer
}

// New returns an Output that also logs what the user wants to see; without a choice, both streams.
func New(ctx context.Context, logging *Logging) *Output {
	shown := StdoutAndStderr
	if logging != nil {
		shown = *logging
	}
	output := &Output{}
	log := func(line string) { provider.GetLogger(ctx).InfoStatus(redact.From(ctx).Text(line)) }
	output.Stdout = stream{output: output}
	output.Stderr = stream{output: output}
	if shown == StdoutAndStderr || shown == Stdout {
		output.Stdout.log = log
	}
	if shown == StdoutAndStderr || shown == Stderr {
		output.Stderr.log = log
	}
	return output
}

// Failure describes a failed command by its error, or by why it was stopped, and the last of what it printed, in the order
// it came.
func (o *Output) Failure(ctx context.Context, command string, err error) error {
	if ctx.Err() != nil {
		err = fmt.Errorf("stopped: %w", context.Cause(ctx))
	}
	o.lock.Lock()
	defer o.lock.Unlock()
	lines := strings.Split(strings.TrimRight(o.both.String(), "\n"), "\n")
	if len(lines) > linesInError {
		lines = slices.Concat([]string{"…"}, lines[len(lines)-linesInError:])
	}
	return fmt.Errorf("%w: running %q:\n%s", err, command, strings.Join(lines, "\n"))
}

// stream is one of the two streams: an io.Writer for the command, a text when it has ended.
type stream struct {
	output *Output
	kept   bytes.Buffer
	line   bytes.Buffer
	log    func(line string)
}

var _ io.Writer = (*stream)(nil)

// Write keeps the chunk and logs each line that it completes.
func (s *stream) Write(chunk []byte) (int, error) {
	s.output.lock.Lock()
	defer s.output.lock.Unlock()
	s.kept.Write(chunk)
	s.output.both.Write(chunk)
	if s.log == nil {
		return len(chunk), nil
	}
	s.line.Write(chunk)
	for {
		line, rest, complete := bytes.Cut(s.line.Bytes(), []byte("\n"))
		if !complete {
			return len(chunk), nil
		}
		s.log(string(line))
		left := slices.Clone(rest)
		s.line.Reset()
		s.line.Write(left)
	}
}

// Text is everything written, without the line break at its end; what is left of an unfinished line is logged.
func (s *stream) Text() string {
	s.output.lock.Lock()
	defer s.output.lock.Unlock()
	if s.log != nil && s.line.Len() > 0 {
		s.log(s.line.String())
		s.line.Reset()
	}
	return strings.TrimSuffix(s.kept.String(), "\n")
}
