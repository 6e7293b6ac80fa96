// Command pulumi-resource-openstack is the provider plugin.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"

	"classroom/toolchain/resource-openstack/mapping"
)

// schema.json is written by ../generate at build time and is not kept in version control.
//
//go:embed schema.json
var schema []byte

func main() { tfbridge.Main("openstack", mapping.Version, mapping.Provider(), schema) }
