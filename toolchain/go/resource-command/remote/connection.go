// Package remote runs commands and copies files over SSH.
package remote

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/pulumi/pulumi-go-provider/infer"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// Connection says how to reach and log in to a machine.
//
// Its fields are repeated in ProxyConnection because infer does not decode structs embedded in nested ones.
type Connection struct {
	User               *string          `pulumi:"user,optional"`
	Password           *string          `pulumi:"password,optional" provider:"secret"`
	Host               string           `pulumi:"host"`
	Port               *float64         `pulumi:"port,optional"`
	PrivateKey         *string          `pulumi:"privateKey,optional" provider:"secret"`
	PrivateKeyPassword *string          `pulumi:"privateKeyPassword,optional" provider:"secret"`
	AgentSocketPath    *string          `pulumi:"agentSocketPath,optional"`
	DialErrorLimit     *int             `pulumi:"dialErrorLimit,optional"`
	PerDialTimeout     *int             `pulumi:"perDialTimeout,optional"`
	HostKey            *string          `pulumi:"hostKey,optional"`
	Proxy              *ProxyConnection `pulumi:"proxy,optional"`
}

// ProxyConnection is a machine through which another one is reached (a bastion, a jump host).
type ProxyConnection struct {
	User               *string  `pulumi:"user,optional"`
	Password           *string  `pulumi:"password,optional" provider:"secret"`
	Host               string   `pulumi:"host"`
	Port               *float64 `pulumi:"port,optional"`
	PrivateKey         *string  `pulumi:"privateKey,optional" provider:"secret"`
	PrivateKeyPassword *string  `pulumi:"privateKeyPassword,optional" provider:"secret"`
	AgentSocketPath    *string  `pulumi:"agentSocketPath,optional"`
	DialErrorLimit     *int     `pulumi:"dialErrorLimit,optional"`
	PerDialTimeout     *int     `pulumi:"perDialTimeout,optional"`
	HostKey            *string  `pulumi:"hostKey,optional"`
}

const (
	defaultUser           = "root"
	defaultPort           = 22
	defaultDialErrorLimit = 10 // attempts after the first
	defaultPerDialTimeout = 15 // seconds; 0 waits for ever
)

// Annotate sets the defaults that the npm package documents.
func (c *Connection) Annotate(annotator infer.Annotator) {
	annotator.SetDefault(&c.User, defaultUser)
	annotator.SetDefault(&c.Port, defaultPort)
	annotator.SetDefault(&c.DialErrorLimit, defaultDialErrorLimit)
	annotator.SetDefault(&c.PerDialTimeout, defaultPerDialTimeout)
}

// Annotate sets the defaults that the npm package documents.
func (p *ProxyConnection) Annotate(annotator infer.Annotator) {
	annotator.SetDefault(&p.User, defaultUser)
	annotator.SetDefault(&p.Port, defaultPort)
	annotator.SetDefault(&p.DialErrorLimit, defaultDialErrorLimit)
	annotator.SetDefault(&p.PerDialTimeout, defaultPerDialTimeout)
}

// connection is the proxy as a machine to connect to.
func (p ProxyConnection) connection() Connection {
	return Connection{
		User: p.User, Password: p.Password, Host: p.Host, Port: p.Port, PrivateKey: p.PrivateKey,
		PrivateKeyPassword: p.PrivateKeyPassword, AgentSocketPath: p.AgentSocketPath,
		DialErrorLimit: p.DialErrorLimit, PerDialTimeout: p.PerDialTimeout, HostKey: p.HostKey,
	}
}

func (c Connection) address() string {
	return net.JoinHostPort(c.Host, strconv.Itoa(int(orDefault(c.Port, defaultPort))))
}

func (c Connection) timeout() time.Duration {
	return time.Duration(orDefault(c.PerDialTimeout, defaultPerDialTimeout)) * time.Second
}

// clientConfig says who we are and whom we expect. Nothing of a key or a password gets into its errors.
func (c Connection) clientConfig() (*ssh.ClientConfig, error) {
	config := &ssh.ClientConfig{
		User:            orDefault(c.User, defaultUser),
		HostKeyCallback: ssh.InsecureIgnoreHostKey(), // As the npm package documents: without hostKey, no check.
	}
	if c.HostKey != nil {
		expected, _, _, _, err := ssh.ParseAuthorizedKey([]byte(*c.HostKey))
		if err != nil {
			return nil, errors.New(`hostKey is not a public key such as "ssh-ed25519 AAAA…"`)
		}
		config.HostKeyCallback = ssh.FixedHostKey(expected)
		// Else the server may show another of its keys.
		config.HostKeyAlgorithms = []string{expected.Type()}
		if expected.Type() == ssh.KeyAlgoRSA {
			config.HostKeyAlgorithms = []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256, ssh.KeyAlgoRSA}
		}
	}
	if c.PrivateKey != nil {
		signer, err := parsePrivateKey(*c.PrivateKey, c.PrivateKeyPassword)
		if err != nil {
			return nil, err
		}
		config.Auth = append(config.Auth, ssh.PublicKeys(signer))
	}
	if c.Password != nil {
		config.Auth = append(config.Auth, ssh.Password(*c.Password), ssh.KeyboardInteractive(answerAll(*c.Password)))
	}
	fromAgent, err := c.agentKeys()
	if err != nil {
		return nil, err
	}
	if fromAgent != nil {
		config.Auth = append(config.Auth, fromAgent)
	}
	return config, nil
}

func parsePrivateKey(key string, password *string) (ssh.Signer, error) {
	var signer ssh.Signer
	var err error
	if password == nil {
		signer, err = ssh.ParsePrivateKey([]byte(key))
	} else {
		signer, err = ssh.ParsePrivateKeyWithPassphrase([]byte(key), []byte(*password))
	}
	var encrypted *ssh.PassphraseMissingError
	switch {
	case err == nil:
		return signer, nil
	case errors.As(err, &encrypted):
		return nil, errors.New("privateKey is encrypted: give its privateKeyPassword")
	case password != nil:
		return nil, errors.New("privateKey cannot be read with this privateKeyPassword")
	default:
		return nil, errors.New(`privateKey is not a private key in PEM form ("-----BEGIN OPENSSH PRIVATE KEY-----" …)`)
	}
}

// agentKeys are those of the SSH agent that the connection names, or else the environment's if one is running.
func (c Connection) agentKeys() (ssh.AuthMethod, error) {
	path := orDefault(c.AgentSocketPath, os.Getenv("SSH_AUTH_SOCK"))
	if path == "" {
		return nil, nil
	}
	socket, err := net.Dial("unix", path)
	if err != nil {
		if c.AgentSocketPath == nil {
			return nil, nil
		}
		return nil, fmt.Errorf("agentSocketPath: %w", err)
	}
	return ssh.PublicKeysCallback(agent.NewClient(socket).Signers), nil
}

// answerAll gives the password to each question: some servers ask for it instead of taking it.
func answerAll(password string) ssh.KeyboardInteractiveChallenge {
	return func(_, _ string, questions []string, _ []bool) ([]string, error) {
		answers := make([]string, len(questions))
		for i := range answers {
			answers[i] = password
		}
		return answers, nil
	}
}

func orDefault[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}
