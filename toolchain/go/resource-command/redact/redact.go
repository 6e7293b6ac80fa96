// Package redact keeps secret values out of error messages and log lines.
package redact

import (
	"context"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// Replacement stands where a secret value was.
const Replacement = "[secret]"

// shortestSecret is the least number of characters that are searched for: replacing every "a" would hide the message
// and, by showing where it was, give the secret away.
const shortestSecret = 3

// shortestWord is the least number of characters of a secret command's words that are searched for in its output.
const shortestWord = 5

// commands are inputs that become secret as a whole when one word in them is: which one, nobody can tell any more.
var commands = []string{"create", "update", "delete", "command"}

// alwaysSecret are inputs that are secret even if the program has not marked them so.
var alwaysSecret = []string{"password", "privateKey", "privateKeyPassword"}

// Redactor replaces the secret values it was made with.
type Redactor struct{ replacer *strings.Replacer }

// New collects every secret value of the given properties. Of one with several lines, such as a private key, each line
// is a secret of its own, because logs are written line by line.
func New(properties ...property.Map) Redactor {
	var secrets []string
	add := func(text string) {
		for _, secret := range append(strings.Split(text, "\n"), text) {
			if secret = strings.TrimSpace(secret); len(secret) >= shortestSecret {
				secrets = append(secrets, secret)
			}
		}
	}
	for _, each := range properties {
		collect(property.New(each), false, add)
	}
	// The longest first: a secret may contain another one.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(secrets))
	for _, secret := range slices.Compact(secrets) {
		pairs = append(pairs, secret, Replacement)
	}
	return Redactor{strings.NewReplacer(pairs...)}
}

// collect calls add with each secret text in the value; inSecret says that something around it is secret.
func collect(value property.Value, inSecret bool, add func(string)) {
	inSecret = inSecret || value.Secret()
	switch {
	case value.IsString():
		if inSecret {
			add(value.AsString())
		}
	case value.IsArray():
		for _, element := range value.AsArray().All {
			collect(element, inSecret, add)
		}
	case value.IsMap():
		for key, element := range value.AsMap().All {
			// Host names and users are no secrets, and messages without them would help nobody.
			isLogin := key == "host" || key == "user" || key == "hostKey"
			secret := slices.Contains(alwaysSecret, key) || (inSecret && !isLogin) || element.Secret()
			collect(element, secret, add)
			if secret && slices.Contains(commands, key) && element.IsString() {
				addWords(element.AsString(), add)
			}
		}
	}
}

// addWords adds the longer words of a command: what stands between spaces, and the parts of that.
func addWords(command string, add func(string)) {
	for _, word := range strings.Fields(command) {
		parts := strings.FieldsFunc(word, func(r rune) bool { return strings.ContainsRune("'\"`$=:;,@/()|&<>", r) })
		for _, candidate := range append(parts, word, strings.Trim(word, "'\"`;")) {
			if len(candidate) >= shortestWord {
				add(candidate)
			}
		}
	}
}

// Text returns the text without the secrets.
func (r Redactor) Text(text string) string {
	if r.replacer == nil {
		return text
	}
	return r.replacer.Replace(text)
}

type contextKey struct{}

// From returns the redactor of the request that the context belongs to.
func From(ctx context.Context) Redactor {
	redactor, _ := ctx.Value(contextKey{}).(Redactor)
	return redactor
}
