package main

import (
	"context"
	"strings"
	"testing"

	"github.com/blang/semver"
	provider "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/integration"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/property"

	"classroom/toolchain/resource-command/sshserver"
)

type values = map[string]property.Value

func text(value string) property.Value { return property.New(value) }

func newServer(t *testing.T) integration.Server {
	t.Helper()
	command, err := newProvider()
	if err != nil {
		t.Fatal(err)
	}
	server, err := integration.NewServer(
		context.Background(), "command", semver.MustParse("1.2.1"), integration.WithProvider(command))
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func urn(token string) resource.URN {
	return resource.URN("urn:pulumi:test::test::" + token + "::under-test")
}

// create checks the inputs and creates the resource, as the engine does.
func create(t *testing.T, token string, inputs values) (property.Map, error) {
	t.Helper()
	server := newServer(t)
	checked, err := server.Check(provider.CheckRequest{Urn: urn(token), Inputs: property.NewMap(inputs)})
	if err != nil {
		return property.Map{}, err
	}
	for _, failure := range checked.Failures {
		t.Fatalf("check: %s: %s", failure.Property, failure.Reason)
	}
	created, err := server.Create(provider.CreateRequest{Urn: urn(token), Properties: overTheWire(t, checked.Inputs)})
	return overTheWire(t, created.Properties), err
}

// overTheWire is what arrives at the other side: engine and provider talk through a format in which assets are marked
// maps.
func overTheWire(t *testing.T, properties property.Map) property.Map {
	t.Helper()
	options := plugin.MarshalOptions{KeepSecrets: true, KeepUnknowns: true}
	sent, err := plugin.MarshalProperties(resource.ToResourcePropertyValue(property.New(properties)).ObjectValue(), options)
	if err != nil {
		t.Fatal(err)
	}
	received, err := plugin.UnmarshalProperties(sent, options)
	if err != nil {
		t.Fatal(err)
	}
	return resource.FromResourcePropertyValue(resource.NewProperty(received)).AsMap()
}

func connectionTo(server *sshserver.Server) values {
	return values{
		"host": text("127.0.0.1"), "port": property.New(float64(server.Port)), "user": text(server.User),
		"privateKey": text(server.ClientKey), "dialErrorLimit": property.New(0.0),
	}
}

func expectText(t *testing.T, outputs property.Map, name, expected string) {
	t.Helper()
	if value := outputs.Get(name); !value.IsString() || value.AsString() != expected {
		t.Errorf("%s is %v, expected %q", name, value, expected)
	}
}

func TestSchema(t *testing.T) {
	schema, err := newServer(t).GetSchema(provider.GetSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{
		`"command:local:Command"`, `"command:remote:Command"`, `"command:remote:CopyToRemote"`, `"command:local:run"`,
	} {
		if !strings.Contains(schema.Schema, token) {
			t.Errorf("%s is not in the schema", token)
		}
	}
}

func TestRemoteCommandRunsWithNestedConnection(t *testing.T) {
	server := sshserver.Start(t, "COLOUR")
	outputs, err := create(t, "command:remote:Command", values{
		"connection":  property.New(connectionTo(server)),
		"create":      text("cat; echo $COLOUR; echo complaint >&2"),
		"stdin":       text("typed\n"),
		"environment": property.New(values{"COLOUR": text("green")}),
	})
	if err != nil {
		t.Fatal(err)
	}
	expectText(t, outputs, "stdout", "typed\ngreen")
	expectText(t, outputs, "stderr", "complaint")
	if !outputs.Get("connection").Secret() {
		t.Error("connection is not secret in the state")
	}
	if outputs.Get("stdout").Secret() {
		t.Error("stdout is secret although nothing that made it is")
	}
}

func TestRemoteCommandByPasswordThroughProxy(t *testing.T) {
	target, proxy := sshserver.Start(t), sshserver.Start(t)
	connection := connectionTo(target)
	delete(connection, "privateKey")
	connection["password"] = text(target.Password)
	connection["proxy"] = property.New(connectionTo(proxy))
	outputs, err := create(t, "command:remote:Command", values{
		"connection": property.New(connection), "create": text("echo there"),
	})
	if err != nil {
		t.Fatal(err)
	}
	expectText(t, outputs, "stdout", "there")
	if proxy.Forwards.Load() != 1 || target.Logins.Load() != 1 {
		t.Errorf("%d tunnels and %d logins, expected one each", proxy.Forwards.Load(), target.Logins.Load())
	}
}

func TestRemoteCommandChecksTheHostKey(t *testing.T) {
	server, other := sshserver.Start(t), sshserver.Start(t)
	for hostKey, accepted := range map[string]bool{server.HostKey: true, other.HostKey: false} {
		connection := connectionTo(server)
		connection["hostKey"] = text(hostKey)
		_, err := create(t, "command:remote:Command", values{
			"connection": property.New(connection), "create": text("true"),
		})
		if (err == nil) != accepted {
			t.Errorf("expected accepted=%v, got %v", accepted, err)
		}
	}
}

func TestRemoteCommandTriesAgainUntilTheServerAnswers(t *testing.T) {
	server := sshserver.Start(t)
	server.RefuseLogins(3)
	connection := connectionTo(server)
	connection["dialErrorLimit"] = property.New(3.0)
	if _, err := create(t, "command:remote:Command", values{
		"connection": property.New(connection), "create": text("true"),
	}); err != nil {
		t.Error(err)
	}
	server.RefuseLogins(3)
	connection["dialErrorLimit"] = property.New(2.0)
	_, err := create(t, "command:remote:Command", values{
		"connection": property.New(connection), "create": text("true"),
	})
	if err == nil || !strings.Contains(err.Error(), "no SSH connection after 3 attempts") {
		t.Errorf("expected to give up, got %v", err)
	}
}

func TestNoErrorShowsASecret(t *testing.T) {
	server := sshserver.Start(t)
	good := connectionTo(server)
	wrongKey := connectionTo(sshserver.Start(t))
	wrongKey["port"] = good["port"]
	brokenKey := connectionTo(server)
	brokenKey["privateKey"] = text("-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0LWtleS1tYXRlcmlhbA==\n-----END")
	wrongPassword := values{"host": text("127.0.0.1"), "port": good["port"], "dialErrorLimit": property.New(0.0),
		"password": text("hunter2hunter2")}
	wrongType := values{"host": property.New(values{"privateKey": text("c2VjcmV0LWtleS1tYXRlcmlhbA==")})}

	for name, inputs := range map[string]values{
		"command that prints its secret": {"connection": property.New(good),
			"create": property.New("echo hunter2hunter2; exit 7").WithSecret(true)},
		"secret environment": {"connection": property.New(good), "create": text("exit 7"),
			"environment": property.New(values{"TOKEN": property.New("hunter2hunter2").WithSecret(true)})},
		"secret standard input": {"connection": property.New(good), "create": text("cat; exit 7"),
			"stdin": property.New("hunter2hunter2").WithSecret(true)},
		"wrong key":            {"connection": property.New(wrongKey), "create": text("true")},
		"broken key":           {"connection": property.New(brokenKey), "create": text("true")},
		"wrong password":       {"connection": property.New(wrongPassword), "create": text("true")},
		"input of wrong type":  {"connection": property.New(wrongType), "create": text("true")},
		"connection not a map": {"connection": text("hunter2hunter2"), "create": text("true")},
	} {
		t.Run(name, func(t *testing.T) {
			message := messageOf(t, "command:remote:Command", inputs)
			for _, secret := range []string{"hunter2", "c2VjcmV0", "BEGIN OPENSSH", "b3BlbnNzaC1rZXktdjE"} {
				if strings.Contains(strings.ReplaceAll(message, `("-----BEGIN OPENSSH PRIVATE KEY-----" …)`, ""), secret) {
					t.Errorf("%q is in the error: %s", secret, message)
				}
			}
		})
	}
}

// messageOf is everything that the user gets to read when the inputs are wrong or the command fails.
func messageOf(t *testing.T, token string, inputs values) string {
	t.Helper()
	server := newServer(t)
	checked, err := server.Check(provider.CheckRequest{Urn: urn(token), Inputs: property.NewMap(inputs)})
	if err != nil {
		return err.Error()
	}
	if len(checked.Failures) == 0 {
		_, err = server.Create(provider.CreateRequest{Urn: urn(token), Properties: checked.Inputs})
	}
	var message strings.Builder
	for _, failure := range checked.Failures {
		message.WriteString(failure.Reason)
	}
	if err != nil {
		message.WriteString(err.Error())
	}
	if message.Len() == 0 {
		t.Fatal("expected an error")
	}
	return message.String()
}
