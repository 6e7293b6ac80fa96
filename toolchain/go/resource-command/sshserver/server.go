// Package sshserver is an SSH server on 127.0.0.1 for tests: commands, environment, file transfer and forwarding.
package sshserver

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// Server accepts one user by one password or one key.
type Server struct {
	Port int
	User string
	// Password and ClientKey (PEM) are two ways to log in.
	Password, ClientKey string
	// HostKey is the server's public key in the form of authorized_keys.
	HostKey string
	// Logins counts the connections that got in, Forwards the tunnels opened through them.
	Logins, Forwards atomic.Int32
	refusals         atomic.Int32
	// AcceptEnv are the environment variables that clients may set.
	AcceptEnv []string
}

// Start runs a server until the test ends.
func Start(t *testing.T, acceptEnv ...string) *Server {
	t.Helper()
	server := &Server{User: "student", Password: "correct horse battery staple", AcceptEnv: acceptEnv}
	hostSigner, _ := newKey(t)
	clientSigner, clientKey := newKey(t)
	server.ClientKey = clientKey
	server.HostKey = string(ssh.MarshalAuthorizedKey(hostSigner.PublicKey()))
	config := &ssh.ServerConfig{
		PasswordCallback: func(who ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			return nil, refuseUnless(who.User() == server.User && string(password) == server.Password)
		},
		PublicKeyCallback: func(who ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			same := string(key.Marshal()) == string(clientSigner.PublicKey().Marshal())
			return nil, refuseUnless(who.User() == server.User && same)
		},
	}
	config.AddHostKey(hostSigner)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	server.Port = listener.Addr().(*net.TCPAddr).Port
	go func() {
		for {
			socket, err := listener.Accept()
			if err != nil {
				return
			}
			if server.refusals.Add(-1) >= 0 {
				socket.Close()
				continue
			}
			go server.serve(socket, config)
		}
	}()
	return server
}

// RefuseLogins makes the server hang up on the next connections, as a machine does that is still booting.
func (s *Server) RefuseLogins(connections int32) { s.refusals.Store(connections) }

// newKey makes a key pair; the second value is the private key in PEM form.
func newKey(t *testing.T) (ssh.Signer, string) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	return signer, string(pem.EncodeToMemory(block))
}

func refuseUnless(allowed bool) error {
	if allowed {
		return nil
	}
	return fmt.Errorf("wrong user, password or key")
}

func (s *Server) serve(socket net.Conn, config *ssh.ServerConfig) {
	_, channels, requests, err := ssh.NewServerConn(socket, config)
	if err != nil {
		return
	}
	s.Logins.Add(1)
	go ssh.DiscardRequests(requests)
	for wanted := range channels {
		switch wanted.ChannelType() {
		case "session":
			channel, requests, err := wanted.Accept()
			if err == nil {
				go s.session(channel, requests)
			}
		case "direct-tcpip":
			s.Forwards.Add(1)
			go forward(wanted)
		default:
			_ = wanted.Reject(ssh.UnknownChannelType, "not here")
		}
	}
}

// session runs one command or one file transfer. Payloads: RFC 4254, sections 6.4 and 6.5.
func (s *Server) session(channel ssh.Channel, requests <-chan *ssh.Request) {
	defer channel.Close()
	environment := os.Environ()
	for request := range requests {
		var payload struct{ Name, Value string }
		var single struct{ Text string }
		switch request.Type {
		case "env":
			_ = ssh.Unmarshal(request.Payload, &payload)
			allowed := slices.Contains(s.AcceptEnv, payload.Name)
			if allowed {
				environment = append(environment, payload.Name+"="+payload.Value)
			}
			_ = request.Reply(allowed, nil)
		case "exec":
			_ = ssh.Unmarshal(request.Payload, &single)
			_ = request.Reply(true, nil)
			command := exec.Command("/bin/sh", "-c", single.Text)
			command.Env, command.Stdout, command.Stderr = environment, channel, channel.Stderr()
			// Not command.Stdin: Run would wait for a standard input that the client leaves open.
			if stdin, err := command.StdinPipe(); err == nil {
				go func() {
					_, _ = io.Copy(stdin, channel)
					stdin.Close()
				}()
			}
			_ = command.Run()
			status := struct{ Code uint32 }{uint32(command.ProcessState.ExitCode())}
			_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(status))
			return
		case "subsystem":
			_ = request.Reply(true, nil)
			if server, err := sftp.NewServer(channel); err == nil {
				_ = server.Serve()
			}
			return
		default:
			_ = request.Reply(false, nil)
		}
	}
}

// forward opens a tunnel. Payload: RFC 4254, section 7.2.
func forward(wanted ssh.NewChannel) {
	var target struct {
		Host     string
		Port     uint32
		FromHost string
		FromPort uint32
	}
	_ = ssh.Unmarshal(wanted.ExtraData(), &target)
	socket, err := net.Dial("tcp", net.JoinHostPort(target.Host, strconv.Itoa(int(target.Port))))
	if err != nil {
		_ = wanted.Reject(ssh.ConnectionFailed, err.Error())
		return
	}
	channel, requests, err := wanted.Accept()
	if err != nil {
		socket.Close()
		return
	}
	go ssh.DiscardRequests(requests)
	go func() {
		_, _ = io.Copy(channel, socket)
		channel.Close()
	}()
	_, _ = io.Copy(socket, channel)
	socket.Close()
}
