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

// Waits between attempts grow from the first to the longest. Variables, so that tests need not wait.
var (
	firstWait   = 100 * time.Millisecond
	longestWait = 5 * time.Second
)

// dial connects and logs in, trying again as often as the connection allows.
func (c Connection) dial(ctx context.Context) (*ssh.Client, error) {
	limit := orDefault(c.DialErrorLimit, defaultDialErrorLimit)
	wait := firstWait
	for attempt := 1; ; attempt++ {
		client, err := c.dialOnce(ctx)
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

// dialOnce connects and logs in, through the proxy if there is one.
func (c Connection) dialOnce(ctx context.Context) (*ssh.Client, error) {
	if c.Proxy == nil {
		socket, err := (&net.Dialer{Timeout: c.timeout()}).DialContext(ctx, "tcp", c.address())
		if err != nil {
			return nil, err
		}
		return c.logIn(socket)
	}
	proxy, err := c.Proxy.connection().dialOnce(ctx)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if c.timeout() > 0 {
		time.AfterFunc(c.timeout(), cancel)
	}
	tunnel, err := proxy.DialContext(ctx, "tcp", c.address())
	if err != nil {
		proxy.Close()
		return nil, fmt.Errorf("through the proxy to %s: %w", c.address(), err)
	}
	client, err := c.logIn(tunnel)
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

// logIn speaks SSH on an open socket, which it closes when that fails or takes too long.
func (c Connection) logIn(socket net.Conn) (*ssh.Client, error) {
	config, err := c.clientConfig()
	if err != nil {
		socket.Close()
		return nil, err
	}
	if c.timeout() > 0 { // Not a deadline on the socket: a tunnel has none.
		defer time.AfterFunc(c.timeout(), func() { socket.Close() }).Stop()
	}
	connection, channels, requests, err := ssh.NewClientConn(socket, c.address(), config)
	if err != nil {
		socket.Close()
		return nil, fmt.Errorf("%s@%s: %w", config.User, c.address(), err)
	}
	return ssh.NewClient(connection, channels, requests), nil
}
