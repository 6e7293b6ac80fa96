package remote

import (
	"context"
	"fmt"
	"net"
	"time"

	provider "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"

	"classroom/toolchain/resource-command/redact"
)

// Waits between attempts grow from the first to the longest.
const (
	firstWait   = 100 * time.Millisecond
	longestWait = 5 * time.Second
)

// endpoint is a machine with everything at hand that it takes to log in.
type endpoint struct {
	address string
	config  *ssh.ClientConfig
	// timeout of each attempt; 0 waits for ever.
	timeout time.Duration
	proxy   *endpoint
}

// endpoint checks keys and passwords, once for all attempts.
func (c Connection) endpoint() (*endpoint, error) {
	config, err := c.clientConfig()
	if err != nil {
		return nil, err
	}
	target := &endpoint{address: c.address(), config: config, timeout: c.timeout()}
	if c.Proxy != nil {
		if target.proxy, err = c.Proxy.connection().endpoint(); err != nil {
			return nil, fmt.Errorf("proxy: %w", err)
		}
	}
	return target, nil
}

// dial connects and logs in, trying again as often as the connection allows.
func (c Connection) dial(ctx context.Context) (*ssh.Client, error) {
	target, err := c.endpoint()
	if err != nil {
		return nil, err
	}
	limit := orDefault(c.DialErrorLimit, defaultDialErrorLimit)
	wait := firstWait
	for attempt := 1; ; attempt++ {
		client, err := target.dial(ctx)
		if err == nil {
			return client, nil
		}
		if limit >= 0 && attempt > limit {
			return nil, fmt.Errorf("no SSH connection after %d attempts: %w", attempt, err)
		}
		provider.GetLogger(ctx).InfoStatus(redact.From(ctx).Text(fmt.Sprintf("attempt %d: %v", attempt, err)))
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w (last error: %w)", ctx.Err(), err)
		case <-time.After(wait):
			wait = min(wait*3/2, longestWait)
		}
	}
}

// dial connects and logs in, through the proxy if there is one.
func (e *endpoint) dial(ctx context.Context) (*ssh.Client, error) {
	if e.proxy == nil {
		socket, err := (&net.Dialer{Timeout: e.timeout}).DialContext(ctx, "tcp", e.address)
		if err != nil {
			return nil, err
		}
		return e.logIn(socket)
	}
	proxy, err := e.proxy.dial(ctx)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	client, err := e.dialThrough(ctx, proxy)
	if err != nil {
		proxy.Close()
		return nil, err
	}
	go func() { // The tunnel lives as long as what goes through it.
		_ = client.Wait()
		proxy.Close()
	}()
	return client, nil
}

func (e *endpoint) dialThrough(ctx context.Context, proxy *ssh.Client) (*ssh.Client, error) {
	if e.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, e.timeout)
		defer cancel()
	}
	tunnel, err := proxy.DialContext(ctx, "tcp", e.address)
	if err != nil {
		return nil, fmt.Errorf("through the proxy to %s: %w", e.address, err)
	}
	return e.logIn(tunnel)
}

// logIn speaks SSH on an open socket, which it closes when that fails or takes too long.
func (e *endpoint) logIn(socket net.Conn) (*ssh.Client, error) {
	if e.timeout > 0 { // Not a deadline on the socket: a tunnel has none.
		defer time.AfterFunc(e.timeout, func() { socket.Close() }).Stop()
	}
	connection, channels, requests, err := ssh.NewClientConn(socket, e.address, e.config)
	if err != nil {
		socket.Close()
		return nil, fmt.Errorf("%s@%s: %w", e.config.User, e.address, err)
	}
	return ssh.NewClient(connection, channels, requests), nil
}
